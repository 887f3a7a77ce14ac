import { describe, expect, it } from '@jest/globals'
import { ContendedFindingError, closeFindingOf } from '../../lambdas/application/close-finding.ts'
import { openFinding } from '../../lambdas/application/open-finding.ts'
import type { FindingStore } from '../../lambdas/application/ports/finding-store.ts'
import type { Found } from '../../lambdas/domain/findings/judged.ts'
import type { RoleSession } from '../../lambdas/domain/role-session.ts'
import { aFinding, foundAgain, heldBy, keptFinding } from '../support/a-finding.ts'
import { ASKED_AT } from '../support/a-request.ts'
import { anAccessFile, aPerson, CAST } from '../support/an-access-file.ts'
import { Faults } from '../support/faults.ts'
import { GivenIds } from '../support/given-ids.ts'
import { InMemoryFindingStore } from '../support/in-memory-finding-store.ts'
import { interleave, schedulesOf } from '../support/interleaving.ts'
import { RecordedFindingTeller } from '../support/recorded-finding-teller.ts'
import { RecordedMetrics } from '../support/recorded-metrics.ts'
import { SteppedClock } from '../support/stepped-clock.ts'

const COMMENT = 'She looked for the right entitlement; she has it now.'
const ROLES = 'arn:aws:iam::111122223333:role/operators/'

const session = (role: string, name: string) => ({ role: `role/operators/${role}`, session: name })
/** Adam alone has the night role; the day role he shares with Audrey. */
const SESSIONS: Partial<Record<string, readonly RoleSession[]>> = {
  adam: [session('night', 'adam'), session('day', 'adam')],
  audrey: [session('day', 'audrey')],
}

function aHouse() {
  const faults = new Faults()
  const findings = new InMemoryFindingStore(faults)
  const clock = new SteppedClock()
  const access = anAccessFile({ people: CAST.map(id => aPerson({ id, sessions: SESSIONS[id] ?? [] })) })
  const close = (id: string, by = 'adam', store: FindingStore = findings) =>
    closeFindingOf({ access, findings: store, clock }, id, { by, comment: COMMENT })
  const teller = new RecordedFindingTeller(faults)
  const metrics = new RecordedMetrics(faults)
  const again = (found: Found) => openFinding({ access, findings, teller, metrics, ids: new GivenIds() }, found)
  return { faults, findings, clock, close, again }
}

describe('a finding', () => {
  it.each([
    ['themselves', 'adam'],
    ['their own IAM user', 'arn:aws:iam::111122223333:user/people/adam'],
    ['a role that is theirs alone', `${ROLES}night`],
  ])('ANO-05 is never closed by a person if it is about %s', async (_, subject) => {
    const { findings, close } = aHouse()
    const { id } = await keptFinding(findings, { subject })

    expect(await close(id, 'adam')).toMatchObject({ outcome: 'refused', why: 'own-finding' })

    expect((await findings.find(id))?.closed).toBeUndefined()
    expect(heldBy(await findings.record(subject))).toEqual([id])
    expect(await close(id, 'audrey')).toMatchObject({ outcome: 'closed' })
  })

  it.each([
    ['a role they share', `${ROLES}day`],
    ['the user of somebody else', 'arn:aws:iam::111122223333:user/people/alice'],
    ['a policy', 'arn:aws:iam::111122223333:policy/lapse/grant/x'],
    ['somebody who is in the access file no more', 'zoe'],
  ])('ANO-05 is closed by any administrator if it is about %s', async (_, subject) => {
    const { findings, close } = aHouse()
    const { id } = await keptFinding(findings, { subject })

    expect(await close(id, 'adam')).toMatchObject({ outcome: 'closed' })
    expect(heldBy(await findings.record(subject))).toEqual([])
  })

  it.each([
    ['they asked for what it is about', ['adam']],
    ['they asked for some of it', ['zoe', 'adam']],
    ['their IAM user changed IAM', ['arn:aws:iam::111122223333:user/people/adam']],
    ['a role that is theirs alone changed IAM', [`${ROLES}night`]],
  ])('ANO-05 is never closed by a person it points at: %s', async (_, alsoAbout) => {
    const { findings, close } = aHouse()
    const { id } = await keptFinding(findings, { subject: 'bob', alsoAbout })

    expect(await close(id, 'adam')).toMatchObject({ outcome: 'refused', why: 'own-finding' })

    expect((await findings.find(id))?.closed).toBeUndefined()
    expect(await close(id, 'audrey')).toMatchObject({ outcome: 'closed', finding: { alsoAbout } })
  })

  it('ANO-05 that points at a role of several people, or at nobody of the access file, is closed by anybody else', async () => {
    for (const alsoAbout of [[`${ROLES}day`], ['zoe'], ['AWSService']]) {
      const { findings, close } = aHouse()
      const { id } = await keptFinding(findings, { subject: 'bob', alsoAbout })

      expect(await close(id, 'adam')).toMatchObject({ outcome: 'closed' })
    }
  })

  it('ANO-05 that is closed says by whom, when and why, and no longer holds; what else is open still does', async () => {
    const { findings, close } = aHouse()
    const { id } = await keptFinding(findings)
    const other = await keptFinding(findings, { id: '01MGFND1NG0000000000000002', rule: 'request-spike' })

    const closed = await close(id)

    const stored = await findings.find(id)
    expect(closed).toEqual({ outcome: 'closed', finding: stored })
    expect(stored).toEqual(aFinding({ closed: { by: 'adam', at: ASKED_AT, comment: COMMENT } }))
    expect(heldBy(await findings.record('alice'))).toEqual([other.id])
  })

  it('ANO-05 is closed once; who comes second is told who did it and when', async () => {
    const { findings, clock, close } = aHouse()
    const { id } = await keptFinding(findings)
    await close(id)
    clock.step(60)

    const again = await close(id, 'audrey')

    expect(again).toMatchObject({ outcome: 'refused', why: 'already-closed' })
    expect(again).toMatchObject({ detail: expect.stringMatching(/^adam closed it at 2027-03-01T10:00:00Z/) })
    expect((await findings.find(id))?.closed).toMatchObject({ by: 'adam' })
  })

  it('ANO-05 nobody knows is not closed', async () => {
    const { close } = aHouse()

    expect(await close('01MGFND1NG0000000000000009')).toEqual({ outcome: 'unknown' })
  })

  it('ANO-05 found again at the same moment is closed with that in it, or opened anew: in no order is it lost', async () => {
    const occurrence = { at: ASKED_AT, detail: 'a sixth one', requestId: '01MG08GPFT0000000000000006', sequence: 1 }
    const outcomes = new Set<string>()
    for (const schedule of schedulesOf(6, 6)) {
      const { faults, findings, close, again } = aHouse()
      const { id, subject, rule, holds } = await keptFinding(findings)

      const { a, b } = await interleave(
        faults,
        { a: () => close(id), b: () => again({ rule, subject, holds, occurrence }) },
        schedule,
      )

      expect([a.status, b.status]).toEqual(['fulfilled', 'fulfilled'])
      const stored = await findings.find(id)
      const { findings: open } = await findings.list({ state: 'open', limit: 10 })
      expect(stored?.closed).toMatchObject({ by: 'adam' })
      expect(heldBy(await findings.record(subject))).toEqual(open.map(each => each.id))
      const latest = [...(stored?.latest ?? []), ...open.flatMap(each => each.latest)].map(({ detail }) => detail)
      expect(latest).toEqual([aFinding().latest[0]?.detail, 'a sixth one'])
      outcomes.add(open.length === 0 ? 'closed with it' : 'opened anew')
    }
    expect([...outcomes].sort()).toEqual(['closed with it', 'opened anew'])
  })

  it('ANO-05 two people close at once is closed by one of them, and the other is told so', async () => {
    for (const schedule of schedulesOf(3, 3)) {
      const { faults, findings, close } = aHouse()
      const { id } = await keptFinding(findings)

      const { a, b } = await interleave(faults, { a: () => close(id, 'adam'), b: () => close(id, 'audrey') }, schedule)

      const outcomes = [a, b].map(each => (each.status === 'fulfilled' ? each.value : each.reason))
      expect(outcomes).toContainEqual(expect.objectContaining({ outcome: 'closed' }))
      expect(outcomes).toContainEqual(expect.objectContaining({ outcome: 'refused', why: 'already-closed' }))
    }
  })

  it('ANO-05 that changes without end is left as it is, and an error says so', async () => {
    const { findings, close } = aHouse()
    const { id } = await keptFinding(findings)
    const busy: FindingStore = {
      find: each => findings.find(each),
      record: subject => findings.record(subject),
      list: query => findings.list(query),
      write: async change => {
        await foundAgain(findings, id)
        return findings.write(change)
      },
    }

    await expect(close(id, 'adam', busy)).rejects.toThrow(ContendedFindingError)

    expect((await findings.find(id))?.closed).toBeUndefined()
    expect(heldBy(await findings.record('alice'))).toEqual([id])
  })
})
