import { describe, expect, it } from '@jest/globals'
import { readTrackRecord, trackRecordRow } from '../../../lambdas/contract/finding-row.ts'
import { LATEST_KEPT } from '../../../lambdas/domain/findings/finding.ts'
import { foundAgain, opened, openingOf, withClosed, withOpen } from '../../../lambdas/domain/findings/found.ts'
import { judged, subjectsOf } from '../../../lambdas/domain/findings/judged.ts'
import { MOST_REFUSED } from '../../../lambdas/domain/findings/noted-ask.ts'
import type { FindingSettings } from '../../../lambdas/domain/findings/settings.ts'
import { plusSeconds } from '../../../lambdas/domain/instant.ts'
import { anAccessFile, anEntitlement, aPerson } from '../../support/an-access-file.ts'
import { type Errand, story, type Told } from '../../support/errand.ts'
import { SeededChance } from '../../support/seeded-chance.ts'
import { watch } from '../../support/watched-quarter.ts'
import { aRecord } from './an-occasion.ts'

const AT = new Date('2027-03-03T10:00:00Z')
const people = ['alice', 'bob', 'carol'].map(id => aPerson({ id }))
const stages = [{ name: 'owners', approvers: ['bob', 'carol'], quorum: 1 }]
const statements = [{ actions: ['rds:RebootDBInstance'], resources: ['*'] }]
const access = anAccessFile({ people, entitlements: [anEntitlement({ id: 'orders-restart', stages, statements })] })

function errand(overrides: Partial<Errand> = {}): Errand {
  return {
    requester: 'alice',
    entitlement: 'orders-restart',
    at: AT,
    seconds: 1800,
    from: '198.51.100.1',
    becomes: 'granted',
    approver: 'bob',
    answeredAfterSeconds: 120,
    answeredFrom: '198.51.100.2',
    ...overrides,
  }
}

describe('a record', () => {
  it('ANO-03 of a requester has what became of each ask', () => {
    const told = story(access, errand())

    expect(watch(access, told).records.get('alice')).toEqual({
      subject: 'alice',
      version: 0,
      since: AT,
      asks: [
        {
          requestId: told[0]?.request.id,
          sequence: 6,
          at: AT,
          entitlement: 'orders-restart',
          outcome: 'ended',
          seconds: 1800,
          from: '198.51.100.1',
          startedAt: plusSeconds(AT, 125),
          approvedBy: ['bob'],
          isUnused: false,
        },
      ],
      decisions: [],
      had: { 'orders-restart': plusSeconds(AT, 125) },
      open: [],
    })
  })

  it('ANO-04 of an approver has each decision, with the time from the mail to the answer', () => {
    const told = [
      ...story(access, errand()),
      ...story(access, errand({ at: plusSeconds(AT, 9000), becomes: 'denied' })),
    ]
    const { decisions, deniedAt, asks } = watch(access, told).records.get('bob') ?? aRecord()

    expect(decisions).toMatchObject([
      { sequence: 3, requester: 'alice', decision: 'approve', afterSeconds: 120, from: '198.51.100.2' },
      { sequence: 3, requester: 'alice', decision: 'deny', afterSeconds: 120 },
    ])
    expect(deniedAt).toEqual(plusSeconds(AT, 9122))
    expect(asks).toEqual([])
  })

  it('ANO-03 has the code of a refusal, and the request that is prolonged', () => {
    const told = [
      ...story(access, errand({ becomes: 'not-eligible' })),
      ...story(access, errand({ at: plusSeconds(AT, 60), extensions: 1 })),
    ]
    const [refused, granted, extension] = watch(access, told).records.get('alice')?.asks ?? []

    expect(refused).toMatchObject({ outcome: 'refused', code: 'not-eligible', from: '198.51.100.1' })
    expect(extension).toMatchObject({ outcome: 'ended', extends: granted?.requestId })
  })

  it.each([
    ['an unused grant of which every use is seen', 'rds:RebootDBInstance', ['eu-central-1'], true, true],
    ['a used one', 'rds:RebootDBInstance', ['eu-central-1'], false, false],
    ['one unused where it was looked, which works elsewhere too', 'rds:RebootDBInstance', undefined, true, undefined],
    ['one unused in one of its two regions', 'rds:RebootDBInstance', ['eu-central-1', 'eu-west-3'], true, undefined],
    ['an unused one of a service without regions', 'iam:GetUser', undefined, true, true],
    ['an unused one with a data action: nobody can say', 's3:GetObject', ['eu-central-1'], true, undefined],
    ['a used one with a data action', 's3:GetObject', undefined, false, false],
    ['an unused one of a service that is not known', 'braket:CreateJob', ['eu-central-1'], true, undefined],
    ['an unused one of everything', '*', ['eu-central-1'], true, undefined],
  ])('ANO-03 says of %s whether it is unused', (_, action, regions, isUnused, expected) => {
    const statements = [{ actions: [action], resources: ['*'] }]
    const restart = anEntitlement({ id: 'orders-restart', stages, statements, fences: { regions } })
    const file = { ...access, entitlements: { 'orders-restart': restart } }

    const record = watch(file, story(file, errand({ isUnused }))).records.get('alice')

    expect(record?.asks[0]?.isUnused).toBe(expected)
  })

  it('ANO-03 says of no grant that it is unused when not all that was done could be read', () => {
    const cut = watch(access, story(access, errand({ isUnused: true, isCut: true })))

    expect(cut.records.get('alice')?.asks[0]?.isUnused).toBeUndefined()
  })

  it('ANO-04 names an approver only where others were asked too', () => {
    const alone = {
      ...access,
      entitlements: {
        'orders-restart': anEntitlement({
          id: 'orders-restart',
          stages: [{ name: 'owners', approvers: ['bob'], quorum: 1 }],
        }),
      },
    }

    expect(watch(alone, story(alone, errand())).records.get('alice')?.asks[0]?.approvedBy).toBeUndefined()
  })

  it('ANO-03 is the same when events come twice, and nothing is found by them again', () => {
    const told = [0, 1, 2, 3].flatMap(each =>
      story(access, errand({ at: plusSeconds(AT, each * 9000), becomes: 'denied' })),
    )
    const once = watch(access, told)
    const twice = watch(
      access,
      told.flatMap(each => [each, each]),
    )

    expect(once.found.map(({ rule }) => rule)).toEqual(['repeated-denial', 'repeated-denial'])
    expect(twice.records).toEqual(once.records)
    expect(twice.found).toEqual(once.found)
  })

  it('ANO-03 is the same in whichever order requests come, each in its own', () => {
    const stories = Array.from({ length: 30 }, (_, each) =>
      story(access, errand({ at: plusSeconds(AT, each * 4000), becomes: each % 5 === 0 ? 'denied' : 'granted' })),
    )
    const inTurn = watch(access, stories.flat()).records

    for (const seed of [1, 2, 3]) expect(watch(access, shuffled(stories, seed)).records).toEqual(inTurn)
  })

  it('ANO-03 has no more than 400 entries, and 120 KB as a row, whatever is asked', () => {
    const long = (name: string) => name.padEnd(63, 'x')
    const people = ['alice', 'bob', 'carol', 'dora'].map(name => aPerson({ id: long(name) }))
    const [alice = '', bob = '', carol = ''] = people.map(({ id }) => id)
    const ids = Array.from({ length: 200 }, (_, each) => long(`entitlement-${each}-`))
    const stages = [{ name: 'owners', approvers: [bob, carol], quorum: 1 }]
    const file = anAccessFile({ people, entitlements: ids.map(id => anEntitlement({ id, stages, statements })) })
    const told = ids.flatMap((entitlement, each) => {
      const one = errand({
        requester: alice,
        approver: bob,
        entitlement,
        at: plusSeconds(AT, each * 4000),
        from: '2001:db8:1234:5678::/64',
        answeredFrom: '2001:db8:1234:5678::/64',
        extensions: 1,
      })
      const refused = { ...one, at: plusSeconds(one.at, 9), becomes: 'duration-too-long' } as const
      const decided = story(file, { ...one, requester: carol, approver: alice })
      return [...story(file, one), ...story(file, refused), ...decided]
    })

    const record = watch(file, told).records.get(alice) ?? aRecord()

    const entries = record.asks.length + record.decisions.length + Object.keys(record.had).length
    expect(entries).toBeLessThanOrEqual(400)
    expect(entries).toBeGreaterThanOrEqual(300)
    expect(Buffer.byteLength(JSON.stringify(trackRecordRow(record)))).toBeLessThan(120_000)
    expect(readTrackRecord(alice, trackRecordRow(record))).toEqual({ ...record, version: 1 })
  })

  it('ANO-03 forgets nothing that was let in for what is refused, however much of that there is', () => {
    const granted = [0, 1, 2].flatMap(day => story(access, errand({ at: plusSeconds(AT, day * 86_400) })))
    const refused = Array.from({ length: 150 }, (_, each) =>
      story(access, errand({ at: plusSeconds(AT, 3 * 86_400 + each * 600), becomes: 'duration-too-long' })),
    )

    const { asks = [] } = watch(access, [...granted, ...refused.flat()]).records.get('alice') ?? {}

    expect(asks.slice(0, 3).map(({ outcome }) => outcome)).toEqual(['ended', 'ended', 'ended'])
    expect(asks.slice(3).map(({ at }) => at)).toEqual(
      refused.slice(-MOST_REFUSED).flatMap(([told]) => told?.event.at ?? []),
    )
  })

  it('ANO-04 does not take a denial from where it was asked for a place of the approver', () => {
    const from = '198.51.100.1'
    const denied = story(access, errand({ from, answeredFrom: from, becomes: 'denied' }))
    const elsewhere = story(access, errand({ at: plusSeconds(AT, 60), becomes: 'denied' }))
    const approved = story(access, errand({ at: plusSeconds(AT, 120), from, answeredFrom: from }))

    const { records, found } = watch(access, [...denied, ...elsewhere, ...approved])

    const decisions = records.get('bob')?.decisions ?? []
    expect(decisions.map(decision => decision.from)).toEqual([undefined, '198.51.100.2', from])
    expect(found).toMatchObject([{ rule: 'one-place', subject: 'bob', alsoAbout: ['alice'] }])
  })

  it('ANO-03 forgets asks after 30 days, decisions after 91, and keeps what was had', () => {
    const told = [0, 29, 31, 92].flatMap(day => story(access, errand({ at: plusSeconds(AT, day * 86_400) })))
    const { records } = watch(access, told)

    expect(records.get('alice')?.asks.map(({ at }) => at)).toEqual([plusSeconds(AT, 92 * 86_400)])
    expect(records.get('alice')?.had['orders-restart']).toEqual(plusSeconds(AT, 92 * 86_400 + 125))
    expect(records.get('alice')?.since).toEqual(AT)
    expect(records.get('bob')?.decisions).toHaveLength(3)
  })
})

describe('a judgement', () => {
  const [asked] = story(access, errand({ becomes: 'not-eligible' }))
  const foundBy = (settings: FindingSettings['rules']) => {
    const file = { ...access, ...(settings && { findings: { rules: settings } }) }
    const told = [1, 2].flatMap(each => story(file, errand({ at: plusSeconds(AT, each), becomes: 'not-eligible' })))
    return watch(file, told).found
  }
  const low = { refusals: 2, entitlements: 1 }

  it('ANO-03 goes by the thresholds of the access file', () => {
    expect(foundBy({})).toEqual([])
    expect(foundBy({ 'ineligible-probing': low })).toMatchObject([
      { rule: 'ineligible-probing', subject: 'alice', holds: false, occurrence: { sequence: 1 } },
    ])
  })

  it('ANO-05 holds where the access file says so', () => {
    expect(foundBy({ 'ineligible-probing': { ...low, holds: true } })).toMatchObject([
      { rule: 'ineligible-probing', holds: true },
    ])
  })

  it('ANO-03 finds nothing by a rule that is off', () => {
    expect(foundBy({ 'ineligible-probing': { ...low, isOff: true } })).toEqual([])
  })

  it('ANO-03 goes on with the other rules when one breaks', () => {
    if (!asked) throw new Error('there is an event')
    const broken = { ...access, findings: { rules: {} } }
    Object.defineProperty(broken.findings.rules, 'ineligible-probing', {
      get: () => ({
        get refusals(): number {
          throw new Error('broken')
        },
      }),
    })

    const { failed, records } = judged(broken, asked.event, asked.events, asked.request, [aRecord()])

    expect(failed).toMatchObject([{ rule: 'ineligible-probing', error: { message: 'broken' } }])
    expect(records).toHaveLength(1)
  })

  it('ANO-04 is about who asked and who decided', () => {
    const told = story(access, errand())
    const subjects = told.map(({ event, request }) => [event.type, ...subjectsOf(event, request)])

    expect(subjects.slice(0, 3)).toEqual([
      ['asked', 'alice'],
      ['approvers-asked', 'alice'],
      ['approved', 'alice', 'bob'],
    ])
  })
})

describe('a finding', () => {
  const occurrence = { at: AT, detail: 'asked 12 times', requestId: 'ask', sequence: 1 }
  const finding = opened('finding', { rule: 'request-spike', subject: 'alice', holds: false, occurrence })

  it('ANO-05 is opened with what was found', () => {
    expect(finding).toEqual({
      id: 'finding',
      rule: 'request-spike',
      subject: 'alice',
      openedAt: AT,
      count: 1,
      latest: [occurrence],
      holds: false,
    })
  })

  it('ANO-05 counts what is found again, keeps the first and the last of it, and does not count an event twice', () => {
    const more = Array.from({ length: 30 }, (_, each) => ({ ...occurrence, sequence: each + 2 }))
    const again = more.reduce((so, each) => foundAgain(so, { occurrence: each, holds: false }) ?? so, finding)

    expect(again.count).toBe(31)
    expect(again.latest).toEqual([occurrence, ...more.slice(1 - LATEST_KEPT)])
    expect(openingOf(again)).toEqual(occurrence)
    expect(foundAgain(again, { occurrence: { ...occurrence, sequence: 31 }, holds: false })).toBeUndefined()
    expect(foundAgain(finding, { occurrence: { ...occurrence, requestId: 'other' }, holds: false })?.count).toBe(2)
  })

  it('ANO-05 that no event showed is not counted twice either', () => {
    const seen = { at: AT, detail: 'DetachUserPolicy by mallory' }
    const outside = opened('finding', { rule: 'outside-change', subject: 'alice', holds: false, occurrence: seen })

    expect(foundAgain(outside, { occurrence: seen, holds: false })).toBeUndefined()
    expect(foundAgain(outside, { occurrence: { ...seen, at: plusSeconds(AT, 1) }, holds: false })?.count).toBe(2)
    expect(
      foundAgain(outside, { occurrence: { ...seen, detail: 'AttachUserPolicy by mallory' }, holds: false })?.count,
    ).toBe(2)
  })

  it('ANO-05 of which the first time was forgotten, as before the first was kept, was opened by nothing that is known', () => {
    const later = { ...occurrence, at: plusSeconds(AT, 60), sequence: 9 }

    expect(openingOf({ ...finding, latest: [later] })).toBeUndefined()
  })

  it('ANO-05 points at everybody it was found to point at', () => {
    const next = (sequence: number, ...alsoAbout: readonly string[]) => ({
      ...{ occurrence: { ...occurrence, sequence }, holds: false },
      ...(alsoAbout.length > 0 && { alsoAbout }),
    })
    const pair = opened('finding', { rule: 'one-place', subject: 'bob', ...next(1, 'alice') })

    expect(pair.alsoAbout).toEqual(['alice'])
    expect(foundAgain(pair, next(2, 'carol'))?.alsoAbout).toEqual(['alice', 'carol'])
    expect(foundAgain(pair, next(2, 'alice'))?.alsoAbout).toEqual(['alice'])
    expect(foundAgain(finding, next(2))).not.toHaveProperty('alsoAbout')
  })

  it('ANO-05 once it holds goes on holding', () => {
    const next = { occurrence: { ...occurrence, sequence: 2 }, holds: true }
    const held = foundAgain(finding, next) ?? finding

    expect(held.holds).toBe(true)
    expect(foundAgain(held, { occurrence: { ...occurrence, sequence: 3 }, holds: false })?.holds).toBe(true)
  })

  it('ANO-05 stands once among the open ones of its subject, until it is closed', () => {
    const record = withOpen(withOpen(aRecord(), finding), { ...finding, holds: true })

    expect(record.open).toEqual([{ id: 'finding', rule: 'request-spike', holds: true }])
    const closed = withClosed(record, finding, AT)
    expect([closed.open, closed.closedAt]).toEqual([[], { 'request-spike': AT }])
    expect(withClosed(record, { ...finding, id: 'other' }, AT).open).toHaveLength(1)
  })
})

/** Interleaves stories by chance, each in its own order. */
function shuffled(stories: readonly (readonly Told[])[], seed: number): readonly Told[] {
  const chance = new SeededChance(seed)
  const left = stories.map(each => [...each])
  const told: Told[] = []
  while (left.length > 0) {
    const index = chance.below(left.length)
    const next = left[index]?.shift()
    if (next) told.push(next)
    else left.splice(index, 1)
  }
  return told
}
