import { describe, expect, it } from '@jest/globals'
import { ContendedFindingError, closeFindingOf } from '../../lambdas/application/close-finding.ts'
import { FindingWatcher } from '../../lambdas/application/notice-findings.ts'
import { ContendedRecordError } from '../../lambdas/application/open-finding.ts'
import type { Finding } from '../../lambdas/domain/findings/finding.ts'
import { plusSeconds } from '../../lambdas/domain/instant.ts'
import { anAccessFile, anEntitlement } from '../support/an-access-file.ts'
import { type Errand, story, type Told } from '../support/errand.ts'
import { Faults, InjectedError } from '../support/faults.ts'
import { GivenIds } from '../support/given-ids.ts'
import { InMemoryFindingStore } from '../support/in-memory-finding-store.ts'
import { RecordedMetrics } from '../support/recorded-metrics.ts'
import { SeededChance } from '../support/seeded-chance.ts'
import { SteppedClock } from '../support/stepped-clock.ts'

const AT = new Date('2027-03-01T10:00:00Z')
const SHARDS = 4
const stages = [{ name: 'owners', approvers: ['bob', 'carol'], quorum: 1 }]
const access = anAccessFile({
  entitlements: [anEntitlement({ stages })],
  findings: {
    rules: {
      'ineligible-probing': { refusals: 2, entitlements: 1, holds: true },
      'repeated-denial': { denials: 2 },
      'bulk-decisions': { decisions: 3, withinSeconds: 3600 },
      'quick-decisions': { least: 2, share: 0, withinSeconds: 60 },
      'always-approves': { decisions: 4 },
      'same-pair': { approvals: 3, share: 0.5 },
    },
  },
})

function errand(chance: SeededChance, place: number): Errand {
  return {
    requester: chance.oneOf(['alice', 'dave']),
    entitlement: 'logs-read',
    at: plusSeconds(AT, place * 120),
    seconds: 1800,
    from: '198.51.100.1',
    becomes: chance.oneOf(['granted', 'granted', 'denied', 'not-eligible']),
    approver: chance.oneOf(['bob', 'carol']),
    answeredAfterSeconds: chance.below(120),
    answeredFrom: chance.oneOf(['198.51.100.1', '198.51.100.2']),
    violations: chance.below(2),
  }
}

/** Four shards at once, an auditor who closes what there is, and one call in twenty that fails or whose answer gets lost. */
async function run(seed: number) {
  const chance = new SeededChance(seed)
  const faults = new Faults()
  const findings = new InMemoryFindingStore(faults)
  const told = new Set<string>()
  const teller = { tellOpened: ({ id }: Finding) => faults.around('teller', () => void told.add(id)) }
  const log = { error: (message: string) => expect(message).toBe('') }
  const metrics = new RecordedMetrics(faults)
  const watcher = new FindingWatcher({ access, findings, teller, metrics, ids: new GivenIds(), log })
  const clock = new SteppedClock()
  for (let index = 0; index < 4000; index += 1) {
    if (chance.hits(0.05)) faults.failAt(index, chance.oneOf(['before', 'after']))
  }
  const stories = Array.from({ length: 40 }, (_, place) => story(access, errand(chance, place)))
  const shown = async (event: Told) => {
    await untilDone(() => watcher.see(event))
    // Lambda gave up waiting, or the batch was halved: the same once more.
    if (chance.hits(0.2)) await untilDone(() => watcher.see(event))
  }
  const shards = Array.from({ length: SHARDS }, async (_, shard) => {
    for (const event of stories.filter((_, place) => place % SHARDS === shard).flat()) await shown(event)
  })
  const closer = async () => {
    for (let round = 0; round < 15; round += 1) {
      const { findings: open } = await untilDone(() => findings.list({ state: 'open', limit: 100 }))
      const one = open[chance.below(open.length + 1)]
      clock.step(60)
      if (one)
        await untilDone(() => closeFindingOf({ access, findings, clock }, one.id, { by: 'adam', comment: 'seen' }))
    }
  }
  await Promise.all([...shards, closer()])
  faults.heal()
  return { findings, told }
}

async function untilDone<T>(attempt: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await attempt()
    } catch (error) {
      const isPassing = [InjectedError, ContendedRecordError, ContendedFindingError].some(kind => error instanceof kind)
      if (!isPassing) throw error
    }
  }
}

describe('findings of four shards at once, with faults, repeats and closings', () => {
  it.each(Array.from({ length: 12 }, (_, seed) => seed + 1))(
    'ANO-05 are each told, each in the record of its subject until it is closed, and no event is in two of a rule (seed %i)',
    async seed => {
      const { findings, told } = await run(seed)

      const { findings: open } = await findings.list({ state: 'open', limit: 100 })
      const { findings: closed } = await findings.list({ state: 'closed', limit: 100 })
      expect(open.length + closed.length).toBeGreaterThan(5)
      expect(open.filter(({ id }) => !told.has(id))).toEqual([])
      for (const subject of ['alice', 'dave', 'bob', 'carol']) {
        const { open: held } = await findings.record(subject)
        const own = open.filter(finding => finding.subject === subject)
        expect([...held].sort(byId)).toEqual(own.map(({ id, rule, holds }) => ({ id, rule, holds })).sort(byId))
        expect(new Set(own.map(({ rule }) => rule)).size).toBe(own.length)
      }
      const seen = [...open, ...closed].flatMap(({ rule, subject, latest }) =>
        latest.map(({ requestId, sequence }) => `${rule} of ${subject} by ${requestId} ${sequence}`),
      )
      expect(new Set(seen).size).toBe(seen.length)
    },
  )
})

function byId(one: { readonly id: string }, other: { readonly id: string }): number {
  return one.id < other.id ? -1 : 1
}
