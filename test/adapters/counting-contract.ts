import { describe, expect, it } from '@jest/globals'
import { ulid } from 'ulid'
import type { OpenDebts, RequestStore } from '../../lambdas/application/ports/request-store.ts'
import { approveByRule } from '../../lambdas/domain/approve-by-rule.ts'
import { plusSeconds } from '../../lambdas/domain/instant.ts'
import { note, type Transition } from '../../lambdas/domain/lifecycle.ts'
import type { OpenDebt } from '../../lambdas/domain/past.ts'
import type { Debt, Request } from '../../lambdas/domain/request.ts'
import { type Use, useOf } from '../../lambdas/domain/uses.ts'
import { ASKED_AT, aBeginning, STATEMENTS } from '../support/a-request.ts'
import { chance } from '../support/an-access-file.ts'

/** What every store must do with what is counted of a person and what a person owes; run against the fake and against DynamoDB. */
export function countingContract(name: string, store: () => RequestStore, debts: () => OpenDebts): void {
  const created = async (requester = aName()): Promise<Request> => {
    const beginning = aBeginning({ id: ulid(), requester })
    expect(await store().create(beginning)).toEqual({ outcome: 'created' })
    return beginning.to
  }

  describe(`${name}: what a person has had`, () => {
    it('REQ-10 is nothing at first, and what was written last afterwards', async () => {
      const requester = aName()
      expect(await store().usesOf(requester)).toEqual({ version: 0, uses: [] })
      const one = aBeginning({ id: ulid(), requester })
      await store().create(one, undefined, { uses: { version: 0, uses: [useOf(one.to)] } })
      const two = aBeginning({ id: ulid(), requester })
      const uses: readonly Use[] = [useOf(one.to), { ...useOf(two.to), how: 'automatic', isOpen: false }]

      expect(await store().create(two, undefined, { uses: { version: 1, uses } })).toEqual({ outcome: 'created' })

      expect(await store().usesOf(requester)).toEqual({ version: 2, uses })
      expect(await store().usesOf(aName())).toEqual({ version: 0, uses: [] })
    })

    it('REQ-10 is written with its request or not at all: from an old version nothing is', async () => {
      const requester = aName()
      const one = aBeginning({ id: ulid(), requester })
      await store().create(one, undefined, { uses: { version: 0, uses: [useOf(one.to)] } })
      for (const version of [0, 2]) {
        const late = aBeginning({ id: ulid(), requester })
        const idempotency = { requester, key: 'k', bodyHash: 'a' }

        const creation = await store().create(late, idempotency, { uses: { version, uses: [] } })

        expect(creation).toEqual({ outcome: 'stale' })
        expect(await store().find(late.to.id)).toBeUndefined()
        expect(await store().recall(idempotency)).toBeUndefined()
      }
      expect((await store().usesOf(requester)).uses).toHaveLength(1)
    })

    it('REQ-10 of ten writes of one version at once exactly one is written', async () => {
      const requester = aName()
      const beginnings = Array.from({ length: 10 }, () => aBeginning({ id: ulid(), requester }))

      const outcomes = await Promise.all(
        beginnings.map(one => store().create(one, undefined, { uses: { version: 0, uses: [useOf(one.to)] } })),
      )

      expect(outcomes.filter(({ outcome }) => outcome === 'created')).toHaveLength(1)
      expect(outcomes.filter(({ outcome }) => outcome === 'stale')).toHaveLength(9)
      expect((await store().usesOf(requester)).uses).toHaveLength(1)
    })

    it('REQ-06 a repeated ask is found before its count is looked at', async () => {
      const requester = aName()
      const one = aBeginning({ id: ulid(), requester })
      const idempotency = { requester, key: 'k', bodyHash: 'a' }
      await store().create(one, idempotency, { uses: { version: 0, uses: [useOf(one.to)] } })

      const again = await store().create(aBeginning({ id: ulid(), requester }), idempotency, {
        uses: { version: 0, uses: [] },
      })

      expect(again).toEqual({ outcome: 'repeated', requestId: one.to.id })
      expect(await store().recall(idempotency)).toEqual({ outcome: 'repeated', requestId: one.to.id })
      expect(await store().recall({ ...idempotency, bodyHash: 'b' })).toEqual({
        outcome: 'mismatch',
        requestId: one.to.id,
      })
    })
  })

  describe(`${name}: a step of another request`, () => {
    it('REQ-07 is written with the new one, or neither is', async () => {
      const old = await created()
      const step = note(old, {
        type: 'extension-asked',
        at: ASKED_AT,
        actor: { person: old.requester },
        details: { extension: 'x' },
      })
      const beginning = aBeginning({ id: ulid(), requester: old.requester })

      expect(await store().create(beginning, undefined, { step })).toEqual({ outcome: 'created' })
      expect((await store().history(old.id))?.events.map(({ type }) => type)).toEqual(['asked', 'extension-asked'])
      const late = aBeginning({ id: ulid(), requester: old.requester })
      expect(await store().create(late, undefined, { step })).toEqual({ outcome: 'stale' })
      expect(await store().find(late.to.id)).toBeUndefined()
    })
  })

  describe(`${name}: the debt of a review`, () => {
    it('APP-11 is open from the approval of an emergency until it is closed', async () => {
      const request = await created()
      expect(await store().openDebtOf(request.requester)).toBeUndefined()
      const opening = emergency(request)

      expect(await store().commit(opening)).toBe('won')

      expect(await store().openDebtOf(request.requester)).toEqual({ requestId: request.id, dueBy: DEBT.dueBy })
      const closing = closed(opening.to)
      expect(await store().commit(closing)).toBe('won')
      expect(await store().openDebtOf(request.requester)).toBeUndefined()
      expect(await store().find(request.id)).toEqual(closing.to)
      expect(await store().commit(emergency(await created(request.requester)))).toBe('won')
    })

    it('APP-11 of emergencies of one person at once exactly one is approved', async () => {
      const requester = aName()
      const requests = await Promise.all(Array.from({ length: 6 }, () => created(requester)))

      const outcomes = await Promise.all(requests.map(request => store().commit(emergency(request))))

      expect(outcomes.filter(outcome => outcome === 'won')).toHaveLength(1)
      const found = await Promise.all(requests.map(({ id }) => store().find(id)))
      const approved = found.filter(request => request?.status === 'APPROVED')
      expect(approved).toHaveLength(1)
      expect((await store().openDebtOf(requester))?.requestId).toBe(approved[0]?.id)
    })

    it('ANO-02 is found among all that are open, with its due time, until it is closed', async () => {
      const opening = emergency(await created())
      await store().commit(opening)
      expect(await openOf(debts(), opening.to.id)).toEqual([{ requestId: opening.to.id, dueBy: DEBT.dueBy }])

      await store().commit(closed(opening.to))
      expect(await openOf(debts(), opening.to.id)).toEqual([])
    })

    it('APP-11 is closed by its own request alone', async () => {
      const requester = aName()
      const first = emergency(await created(requester))
      await store().commit(first)
      await store().commit(closed(first.to))
      const second = emergency(await created(requester))
      await store().commit(second)

      expect(await store().commit(closed(first.to))).toBe('lost')
      expect((await store().openDebtOf(requester))?.requestId).toBe(second.to.id)
    })
  })
}

async function openOf(debts: OpenDebts, id: string): Promise<readonly OpenDebt[]> {
  const found: OpenDebt[] = []
  for await (const debt of debts.openDebts()) if (debt.requestId === id) found.push(debt)
  return found
}

const DEBT: Debt = { dueBy: plusSeconds(ASKED_AT, 86_400), reviewers: ['erin'] }

function emergency(request: Request): Transition {
  return approveByRule(request, { kind: 'break-glass', debt: DEBT }, { statements: STATEMENTS, at: ASKED_AT })
}

function closed(request: Request): Transition {
  const by = { by: 'erin', at: ASKED_AT, verdict: 'justified', comment: 'as agreed' } as const
  const step = note(request, { type: 'mail-failed', at: ASKED_AT, actor: { person: 'erin' }, details: {} })
  return { ...step, to: { ...step.to, debt: { ...DEBT, closed: by } } }
}

function aName(): string {
  return `person-${chance.text('abcdefghijklmnopqrstuvwxyz', 12)}`
}
