import { describe, expect, it } from '@jest/globals'
import { closeFindingOf } from '../../lambdas/application/close-finding.ts'
import { FindingWatcher } from '../../lambdas/application/notice-findings.ts'
import { trackRecordRow } from '../../lambdas/contract/finding-row.ts'
import { watchKey } from '../../lambdas/contract/keys.ts'
import { LATEST_KEPT } from '../../lambdas/domain/findings/finding.ts'
import type { FindingSettings } from '../../lambdas/domain/findings/settings.ts'
import { plusSeconds } from '../../lambdas/domain/instant.ts'
import { anAccessFile, anEntitlement } from '../support/an-access-file.ts'
import { story } from '../support/errand.ts'
import { interleave, schedulesOf } from '../support/interleaving.ts'
import { RecordedFindingTeller } from '../support/recorded-finding-teller.ts'
import { aWorld } from '../support/world.ts'

const ERRAND = {
  requester: 'alice',
  entitlement: 'logs-read',
  at: new Date('2027-03-03T10:00:00Z'),
  seconds: 1800,
  from: '198.51.100.1',
  becomes: 'granted',
  approver: 'bob',
  answeredAfterSeconds: 120,
  answeredFrom: '198.51.100.2',
} as const

const PROBING: FindingSettings = { rules: { 'ineligible-probing': { refusals: 1, entitlements: 1, holds: true } } }

function aHouse(settings: FindingSettings = PROBING) {
  const access = anAccessFile({ entitlements: [anEntitlement({ codeRequired: true })], findings: settings })
  const world = aWorld({ access })
  const teller = new RecordedFindingTeller(world.faults)
  const errors: string[] = []
  const log = { error: (message: string) => void errors.push(message) }
  const { findings, metrics, ids } = world
  const watcher = new FindingWatcher({ access, findings, teller, metrics, ids, log })
  /** The n-th event of a request, as the stream shows it. */
  const see = async (requestId: string, sequence = 1) => {
    const history = await world.store.history(requestId)
    const event = history?.events.find(each => each.sequence === sequence)
    if (!history || !event) throw new Error(`there is no event ${sequence} of ${requestId}`)
    const events = history.events.filter(each => each.sequence <= sequence)
    await watcher.see({ event, events, request: history.request })
  }
  /** Carol asks for what she may not have. */
  const probe = async () => {
    const outcome = await world.ask({ requester: 'carol' })
    if (outcome.outcome !== 'refused') throw new Error(`the ask is ${outcome.outcome}`)
    return outcome.request.id
  }
  const openOf = async (subject: string) => {
    const { open } = await findings.record(subject)
    return Promise.all(open.map(({ id }) => findings.find(id)))
  }
  const counted = () => metrics.counts.flatMap(({ FindingsOpened }) => FindingsOpened ?? [])
  return { ...world, access, teller, errors, watcher, see, probe, openOf, counted }
}

describe('what is found in an event', () => {
  it('ANO-05 is kept, told on the bus and counted, once however often the event comes', async () => {
    const { see, probe, openOf, teller, counted } = aHouse()
    const id = await probe()

    await see(id)

    expect(await openOf('carol')).toMatchObject([
      { rule: 'ineligible-probing', subject: 'carol', count: 1, holds: true, latest: [{ requestId: id, sequence: 1 }] },
    ])
    expect([teller.told, counted()]).toEqual([['ineligible-probing of carol'], [1]])
  })

  it.each(['teller.tellOpened', 'metrics.count'])(
    'ANO-05 is told when the event comes again, if telling it died at %s after it was kept',
    async call => {
      const { see, probe, openOf, teller, counted, faults } = aHouse()
      const id = await probe()
      faults.failNext(call)
      await expect(see(id)).rejects.toThrow(call)

      await see(id)

      expect([teller.told.at(-1), counted()]).toEqual(['ineligible-probing of carol', [1]])
      expect(await openOf('carol')).toMatchObject([{ count: 1 }])
    },
  )

  it('ANO-05 is told although it was found again before the event came again', async () => {
    const { see, probe, teller, faults } = aHouse()
    const [first, second] = [await probe(), await probe()]
    faults.failNext('teller.tellOpened')
    await expect(see(first)).rejects.toThrow('teller')
    await see(second)
    expect(teller.told).toEqual([])

    await see(first)

    expect(teller.told).toEqual(['ineligible-probing of carol'])
  })

  it('ANO-05 is told although it was found more often than it keeps before the event came again', async () => {
    const settings = { rules: { ...PROBING.rules, 'request-spike': { isOff: true } } }
    const { see, probe, openOf, teller, faults, counted } = aHouse(settings)
    const first = await probe()
    faults.failNext('teller.tellOpened')
    await expect(see(first)).rejects.toThrow('teller')
    for (let more = 0; more <= LATEST_KEPT; more += 1) await see(await probe())
    expect(teller.told).toEqual([])

    await see(first)

    expect([teller.told, counted()]).toEqual([['ineligible-probing of carol'], [1]])
    expect(await openOf('carol')).toMatchObject([{ count: LATEST_KEPT + 2 }])
  })

  it('ANO-05 is told although the record has no room for the request any more when the event comes again', async () => {
    const { watcher, access, findings, teller, faults, counted } = aHouse({})
    const told = story(access, { ...ERRAND, violations: 2 }).at(-1)
    if (!told) throw new Error('a story has events')
    const record = await findings.record('alice')
    const later = { requestId: 'later', sequence: 1, at: plusSeconds(ERRAND.at, 31 * 86_400) } as const
    const asks = [{ ...later, entitlement: 'logs-read', outcome: 'asked', seconds: 60 }] as const
    await findings.write({ records: [{ ...record, asks }], opened: [], changed: [] })
    faults.failNext('teller.tellOpened')
    await expect(watcher.see(told)).rejects.toThrow('teller')

    await watcher.see(told)

    expect([teller.told, counted()]).toEqual([['outside-window of alice'], [1]])
    expect((await findings.record('alice')).open).toHaveLength(1)
  })

  it('ANO-05 of an approval from where it was asked points at who asked', async () => {
    const { watcher, access, openOf } = aHouse({})

    for (const each of story(access, { ...ERRAND, answeredFrom: ERRAND.from })) await watcher.see(each)

    expect(await openOf('bob')).toMatchObject([{ rule: 'one-place', subject: 'bob', alsoAbout: ['alice'] }])
  })

  it('ANO-05 is kept when only the answer of the write got lost, and told when the event comes again', async () => {
    const { see, probe, openOf, teller, faults } = aHouse()
    const id = await probe()
    faults.failNext('findings.write', 1, 'after')
    await expect(see(id)).rejects.toThrow('findings.write')

    await see(id)

    expect(teller.told).toEqual(['ineligible-probing of carol'])
    expect(await openOf('carol')).toMatchObject([{ count: 1 }])
  })

  it('ANO-05 that is found again is added to the open finding and not told again', async () => {
    const { see, probe, openOf, teller, counted } = aHouse()
    const [first, second] = [await probe(), await probe()]

    await see(first)
    await see(second)
    await see(second)

    expect(await openOf('carol')).toMatchObject([{ count: 2, latest: [{ requestId: first }, { requestId: second }] }])
    expect([teller.told, counted()]).toEqual([['ineligible-probing of carol'], [1]])
  })

  it('ANO-05 after the finding was closed is a finding anew', async () => {
    const { see, probe, openOf, teller, findings } = aHouse()
    const [first, second] = [await probe(), await probe()]
    await see(first)
    const [from] = await openOf('carol')
    if (!from) throw new Error('nothing was found')
    const closed = { by: 'adam', at: from.openedAt, comment: 'a typing error' }
    const record = await findings.record('carol')
    await findings.write({
      records: [{ ...record, open: [] }],
      opened: [],
      changed: [{ from, to: { ...from, closed } }],
    })

    await see(first)
    expect(await openOf('carol')).toEqual([])
    await see(second)

    expect(await openOf('carol')).toMatchObject([{ count: 1, latest: [{ requestId: second }] }])
    expect((await openOf('carol'))[0]?.id).not.toBe(from.id)
    expect(teller.told).toHaveLength(2)
  })

  it('ANO-05 once closed counts from there on: what was looked into is not found again by the next event', async () => {
    const settings = { rules: { 'ineligible-probing': { refusals: 2, entitlements: 1, holds: true } } }
    const house = aHouse(settings)
    const { see, probe, openOf, clock } = house
    const probed = async () => {
      clock.step(60)
      await see(await probe())
      return (await openOf('carol')).map(found => found?.count)
    }
    expect([await probed(), await probed(), await probed()]).toEqual([[], [1], [2]])
    const [found] = await openOf('carol')
    clock.step(60)
    await closeFindingOf(house, found?.id ?? '', { by: 'adam', comment: 'she was new to the team' })

    expect(await probed()).toEqual([])
    expect(await probed()).toEqual([1])
  })

  it('ANO-05 in two events of one person at once is one finding with both, whichever is written first', async () => {
    for (const schedule of schedulesOf(3, 3)) {
      const { see, probe, openOf, teller, faults } = aHouse()
      const [first, second] = [await probe(), await probe()]

      const { a, b } = await interleave(faults, { a: () => see(first), b: () => see(second) }, schedule)

      expect([a.status, b.status]).toEqual(['fulfilled', 'fulfilled'])
      const [finding, ...others] = await openOf('carol')
      expect([finding?.count, others]).toEqual([2, []])
      expect(new Set(finding?.latest.map(({ requestId }) => requestId))).toEqual(new Set([first, second]))
      expect(teller.told).toEqual(['ineligible-probing of carol'])
    }
  })

  it('ANO-04 of an approver is theirs, and noted of both people in one write', async () => {
    const { see, asked, decide, openOf, findings, clock } = aHouse({
      rules: { 'quick-decisions': { least: 1, share: 0, withinSeconds: 60 } },
    })
    const { id } = await asked()
    clock.step(5)
    await decide('bob')

    for (const sequence of [1, 2, 3]) await see(id, sequence)

    expect(await openOf('bob')).toMatchObject([{ rule: 'quick-decisions', subject: 'bob', holds: false }])
    expect(await openOf('alice')).toEqual([])
    expect((await findings.record('alice')).asks).toMatchObject([{ requestId: id, sequence: 3 }])
    expect((await findings.record('bob')).decisions).toMatchObject([{ requestId: id, afterSeconds: 5 }])
  })

  it('ANO-03 is nothing where the rule is off', async () => {
    const { see, probe, openOf, teller } = aHouse({
      rules: { 'ineligible-probing': { refusals: 1, entitlements: 1, isOff: true } },
    })

    await see(await probe())

    expect([await openOf('carol'), teller.told]).toEqual([[], []])
  })
})

describe('what cannot be judged', () => {
  it('ANO-03 by a rule that breaks is logged and counted, and the other rules judge', async () => {
    const { see, probe, openOf, errors, metrics } = aHouse({
      rules: {
        ...PROBING.rules,
        'request-spike': {
          get factor(): number {
            throw new Error('broken')
          },
        },
      },
    })

    await see(await probe())

    expect(await openOf('carol')).toMatchObject([{ rule: 'ineligible-probing' }])
    expect(errors).toEqual(['a rule of findings broke'])
    expect(metrics.counts).toContainEqual({ RulesFailed: 1 })
  })

  it('ANO-03 by any rule does not keep the events behind it', async () => {
    const { see, probe, openOf, errors, metrics, access } = aHouse()
    const id = await probe()
    Object.defineProperty(access, 'findings', {
      get: () => {
        throw new Error('broken')
      },
    })

    await see(id)

    expect([await openOf('carol'), errors]).toEqual([[], ['a rule of findings broke']])
    expect(metrics.counts).toEqual([{ RulesFailed: 1 }])
  })

  it('ANO-03 because the record of the person cannot be read is logged and counted, and the stream goes on', async () => {
    const { see, probe, findings, errors, metrics } = aHouse()
    const id = await probe()
    const row = trackRecordRow({ ...(await findings.record('carol')), version: 1 })
    findings.rows.set(watchKey('carol').pk, JSON.stringify({ ...row, asks: 'none' }))

    await see(id)

    expect(errors).toEqual(['what is known of a person cannot be read'])
    expect(metrics.counts).toEqual([{ RulesFailed: 1 }])
  })

  it('ANO-05 because the table does not answer is thrown, so that the event comes again', async () => {
    const { see, probe, faults } = aHouse()
    const id = await probe()

    for (const call of ['findings.record', 'findings.write']) {
      faults.failNext(call)
      await expect(see(id)).rejects.toThrow(call)
    }
  })
})
