import { describe, expect, it } from '@jest/globals'
import { ulid } from 'ulid'
import { type Link, type LinkStore, MOST_TRIES } from '../../lambdas/application/ports/link-store.ts'
import { InvalidCursorError, type RequestStore } from '../../lambdas/application/ports/request-store.ts'
import type { TaskTokenStore } from '../../lambdas/application/ports/workflow.ts'
import { sha256 } from '../../lambdas/domain/digest.ts'
import { plusSeconds, wholeSeconds } from '../../lambdas/domain/instant.ts'
import { activate, cancel, note } from '../../lambdas/domain/lifecycle.ts'
import type { Request } from '../../lambdas/domain/request.ts'
import { ASKED_AT, aBeginning, anApprovedRequest, type RequestOverrides } from '../support/a-request.ts'
import { chance } from '../support/an-access-file.ts'

export interface Stores {
  readonly requests: RequestStore
  readonly links: LinkStore
  readonly taskTokens: TaskTokenStore
}

/** What every keeper of requests, links and task tokens must do; run against the fakes and against DynamoDB. */
export function storeContract(name: string, stores: () => Stores): void {
  describe(`${name}: requests`, () => {
    const created = async (overrides: RequestOverrides = {}) => {
      const beginning = aBeginning(aNewAsk(overrides))
      expect(await stores().requests.create(beginning)).toEqual({ outcome: 'created' })
      return beginning.to
    }

    it('AUD-01 a created request is found with its first event', async () => {
      const beginning = aBeginning(aNewAsk({ ticket: 'OPS-1', parameters: { bucket: 'логи 🎉' } }))

      await stores().requests.create(beginning)

      expect(await stores().requests.find(beginning.to.id)).toEqual(beginning.to)
      const history = await stores().requests.history(beginning.to.id)
      expect(history?.request).toEqual(beginning.to)
      expect(history?.events).toMatchObject([{ type: 'asked', hash: beginning.event.hash, sequence: 1 }])
    })

    it('REQ-08 what was never created is not there', async () => {
      expect(await stores().requests.find(ulid())).toBeUndefined()
      expect(await stores().requests.history(ulid())).toBeUndefined()
    })

    it('REQ-06 the same key gives the first request for the same body and a mismatch for another, and writes nothing', async () => {
      const { requests } = stores()
      const requester = aName()
      const first = aBeginning(aNewAsk({ requester }))
      const idempotency = { requester, key: 'k', bodyHash: 'a' }
      expect(await requests.create(first, idempotency)).toEqual({ outcome: 'created' })
      const second = aBeginning(aNewAsk({ requester }))

      expect(await requests.create(second, idempotency)).toEqual({ outcome: 'repeated', requestId: first.to.id })
      expect(await requests.create(second, { ...idempotency, bodyHash: 'b' })).toEqual({
        outcome: 'mismatch',
        requestId: first.to.id,
      })
      expect(await requests.find(second.to.id)).toBeUndefined()
      expect(await requests.create(second, { ...idempotency, key: 'other' })).toEqual({ outcome: 'created' })
    })

    it('REQ-06 ten calls with one key at once create one request', async () => {
      const requester = aName()
      const beginnings = Array.from({ length: 10 }, () => aBeginning(aNewAsk({ requester })))

      const outcomes = await Promise.all(
        beginnings.map(one => stores().requests.create(one, { requester, key: 'k', bodyHash: 'a' })),
      )

      expect(outcomes.filter(({ outcome }) => outcome === 'created')).toHaveLength(1)
      expect(outcomes.filter(({ outcome }) => outcome === 'repeated')).toHaveLength(9)
      const found = await Promise.all(beginnings.map(({ to }) => stores().requests.find(to.id)))
      expect(found.filter(one => one !== undefined)).toHaveLength(1)
    })

    it('AUD-01 another request of the same id is an error', async () => {
      const request = await created()

      await expect(stores().requests.create(aBeginning({ id: request.id, reason: 'another' }))).rejects.toThrow(/taken/)
    })

    it('APP-10 a step is won once, and its event is in the history', async () => {
      const request = await created()
      const step = cancel(request, 'alice', ASKED_AT)

      expect(await stores().requests.commit(step)).toBe('won')

      expect(await stores().requests.find(request.id)).toEqual(step.to)
      expect((await stores().requests.history(request.id))?.events.map(({ type }) => type)).toEqual([
        'asked',
        'cancelled',
      ])
    })

    it('APP-10 the same step of another call, the same event to the letter, is lost and written once', async () => {
      const request = await created()
      const step = cancel(request, 'alice', ASKED_AT)

      const outcomes = await Promise.all(Array.from({ length: 5 }, () => stores().requests.commit(step)))

      expect(outcomes.filter(outcome => outcome === 'won')).toHaveLength(1)
      expect(await stores().requests.commit(step)).toBe('lost')
      expect((await stores().requests.history(request.id))?.events).toHaveLength(2)
    })

    it('APP-10 a step from what the request no longer is is lost and writes nothing', async () => {
      const request = await created()
      const first = note(request, { type: 'mail-failed', at: ASKED_AT, actor: { service: 'announcer' }, details: {} })
      await stores().requests.commit(first)

      expect(await stores().requests.commit(cancel(request, 'alice', ASKED_AT))).toBe('lost')
      expect(await stores().requests.find(request.id)).toEqual(first.to)
      expect((await stores().requests.history(request.id))?.events).toHaveLength(2)
    })

    it('APP-10 a step from another status is lost though the last event is the same', async () => {
      const request = await created()
      const approved = { ...anApprovedRequest({ id: request.id }), lastEvent: request.lastEvent }

      expect(await stores().requests.commit(activate(approved, ASKED_AT))).toBe('lost')
      expect(await stores().requests.find(request.id)).toEqual(request)
    })

    it('APP-10 a step of a request that is not there is lost', async () => {
      expect(await stores().requests.commit(cancel(aBeginning(aNewAsk()).to, 'alice', ASKED_AT))).toBe('lost')
    })

    it('APP-10 of many steps at once exactly one is won', async () => {
      const request = await created()
      const steps = Array.from({ length: 20 }, (_, n) => cancel(request, `person-${n}`, ASKED_AT))

      const outcomes = await Promise.all(steps.map(step => stores().requests.commit(step)))

      expect(outcomes.filter(outcome => outcome === 'won')).toHaveLength(1)
      expect((await stores().requests.history(request.id))?.events).toHaveLength(2)
    })

    it('APP-01 a step that uses a link is won only while the link is open, and then the link is used', async () => {
      const { requests, links } = stores()
      const [one, two] = [await created(), await created()]
      const link = aLink({ requestId: one.id })
      await links.put([link])

      expect(await requests.commit(cancel(one, 'alice', ASKED_AT), link.tokenHash)).toBe('won')
      expect(await links.find(link.tokenHash)).toEqual({ ...link, state: 'used' })
      expect(await requests.commit(cancel(two, 'alice', ASKED_AT), link.tokenHash)).toBe('lost')
      expect(await requests.commit(cancel(two, 'alice', ASKED_AT), sha256('unknown'))).toBe('lost')
      expect((await requests.find(two.id))?.status).toBe('PENDING')
    })

    it('APP-01 a step that is lost leaves its link open', async () => {
      const { requests, links } = stores()
      const request = await created()
      await requests.commit(cancel(request, 'alice', ASKED_AT))
      const link = aLink({ requestId: request.id })
      await links.put([link])

      expect(await requests.commit(cancel(request, 'bob', ASKED_AT), link.tokenHash)).toBe('lost')
      expect((await links.find(link.tokenHash))?.state).toBe('open')
    })

    it('AUD-01 a long history comes whole and in order', async () => {
      let request = await created()
      for (let count = 0; count < 25; count += 1) {
        const step = note(request, {
          type: 'mail-failed',
          at: ASKED_AT,
          actor: { service: 'announcer' },
          details: { count, why: 'x'.repeat(300) },
        })
        expect(await stores().requests.commit(step)).toBe('won')
        request = step.to
      }

      const history = await stores().requests.history(request.id)
      expect(history?.events.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 26 }, (_, n) => n + 1))
    })
  })

  describe(`${name}: lists`, () => {
    async function seven(requester: string): Promise<readonly Request[]> {
      const { requests } = stores()
      const first = plusSeconds(wholeSeconds(new Date()), -60 * 86_400)
      const made: Request[] = []
      // Over three months, one of them without a request between them or not, as the calendar falls.
      for (const days of [0, 1, 2, 40, 41, 59, 60]) {
        const at = plusSeconds(first, days * 86_400)
        const entitlement = days === 40 ? 'other' : 'logs-read'
        const { to, event } = aBeginning(aNewAsk({ id: ulid(at.getTime()), at, requester, entitlement }))
        await requests.create({ to, event })
        made.push(to)
      }
      const [second] = made.slice(1)
      if (second) await requests.commit(cancel(second, requester, second.askedAt))
      return made.toReversed()
    }

    const walk = async (query: Parameters<RequestStore['list']>[0]) => {
      const ids: string[] = []
      let cursor: string | undefined
      let pages = 0
      do {
        const page = await stores().requests.list({ ...query, cursor })
        expect(page.requests.length).toBeLessThanOrEqual(query.limit)
        ids.push(...page.requests.map(({ id }) => id))
        cursor = page.cursor
        pages += 1
      } while (cursor && pages < 50)
      return ids
    }

    it('REQ-08 one person’s requests come newest first, page by page, each once', async () => {
      const requester = aName()
      const newestFirst = (await seven(requester)).map(({ id }) => id)

      for (const limit of [1, 2, 3, 7, 100]) expect(await walk({ requester, limit })).toEqual(newestFirst)
    })

    it('REQ-08 everybody’s requests come newest first, over the borders of months, each once', async () => {
      const mine = (await seven(aName())).map(({ id }) => id)

      for (const limit of [1, 3, 100]) {
        const all = await walk({ limit })
        expect(all.filter(id => mine.includes(id))).toEqual(mine)
        expect(new Set(all).size).toBe(all.length)
      }
    })

    it('REQ-08 filters hold on every page', async () => {
      const requester = aName()
      const [, , , fourth, , second] = await seven(requester)

      for (const limit of [1, 3]) {
        expect(await walk({ requester, limit, status: 'CANCELLED' })).toEqual([second?.id])
        expect(await walk({ requester, limit, entitlement: 'other' })).toEqual([fourth?.id])
        expect(await walk({ requester, limit, status: 'CANCELLED', entitlement: 'other' })).toEqual([])
      }
    })

    it('REQ-08 of a person without requests is empty and has no cursor', async () => {
      expect(await stores().requests.list({ requester: aName(), limit: 5 })).toEqual({ requests: [] })
    })

    it.each(['', 'x', 'e30', Buffer.from('{"id":"x","month":"2027-03"}').toString('base64url')])(
      'REQ-08 the cursor %j is none of this store’s',
      async cursor => {
        for (const requester of [aName(), undefined]) {
          await expect(
            Promise.resolve().then(() => stores().requests.list({ requester, limit: 5, cursor })),
          ).rejects.toThrow(InvalidCursorError)
        }
      },
    )
  })

  describe(`${name}: links`, () => {
    it('APP-01 are found by the hash of their token alone', async () => {
      const [one, two] = [aLink(), aLink({ codeHash: undefined })]
      await stores().links.put([one, two])

      expect(await stores().links.find(one.tokenHash)).toEqual(one)
      expect((await stores().links.find(two.tokenHash))?.codeHash).toBeUndefined()
      expect(await stores().links.find(sha256('unknown'))).toBeUndefined()
    })

    it('APP-02 have five tries, counted one by one', async () => {
      const link = aLink()
      await stores().links.put([link])

      for (let tries = 1; tries <= MOST_TRIES; tries += 1) {
        expect(await stores().links.takeTry(link.tokenHash)).toEqual({ outcome: 'taken', tries })
      }
      expect(await stores().links.takeTry(link.tokenHash)).toEqual({ outcome: 'none-left' })
      expect((await stores().links.find(link.tokenHash))?.tries).toBe(5)
    })

    it('APP-02 have five tries for fifty at once, each with its own number', async () => {
      const link = aLink()
      await stores().links.put([link])

      const outcomes = await Promise.all(Array.from({ length: 50 }, () => stores().links.takeTry(link.tokenHash)))

      const taken = outcomes.flatMap(one => (one.outcome === 'taken' ? [one.tries] : []))
      expect(taken.sort()).toEqual([1, 2, 3, 4, 5])
    })

    it('APP-02 have none when used or unknown, and asking makes none', async () => {
      const link = aLink({ state: 'used' })
      await stores().links.put([link])

      expect(await stores().links.takeTry(link.tokenHash)).toEqual({ outcome: 'none-left' })
      expect(await stores().links.takeTry(sha256('nothing'))).toEqual({ outcome: 'none-left' })
      expect(await stores().links.find(sha256('nothing'))).toBeUndefined()
    })

    it('APP-01 put again after an answer that got lost are there once', async () => {
      const link = aLink()
      await stores().links.put([link])
      await stores().links.put([link])

      expect(await stores().links.find(link.tokenHash)).toEqual(link)
    })

    it('APP-01 of nobody are put without a word', async () => {
      await expect(stores().links.put([])).resolves.toBeUndefined()
    })
  })

  describe(`${name}: task tokens`, () => {
    it('APP-06 the latest one is the one that waits', async () => {
      const { taskTokens } = stores()
      const [one, two] = [ulid(), ulid()]

      expect(await taskTokens.find(one)).toBeUndefined()
      await taskTokens.keep(one, 'first', ASKED_AT)
      await taskTokens.keep(one, 'second', ASKED_AT)
      await taskTokens.keep(two, 'other', ASKED_AT)

      expect(await taskTokens.find(one)).toBe('second')
      expect(await taskTokens.find(two)).toBe('other')
    })
  })
}

function aName(): string {
  return `person-${chance.text('abcdefghijklmnopqrstuvwxyz', 12)}`
}

function aNewAsk(overrides: RequestOverrides = {}): RequestOverrides {
  return { id: ulid(), ...overrides }
}

function aLink(overrides: Partial<Link> = {}): Link {
  const tokenHash = sha256(ulid())
  return {
    tokenHash,
    stage: 'owner',
    requestId: ulid(),
    approver: 'bob',
    codeHash: sha256('123456'),
    expiresAt: plusSeconds(ASKED_AT, 3600),
    state: 'open',
    tries: 0,
    ...overrides,
  }
}
