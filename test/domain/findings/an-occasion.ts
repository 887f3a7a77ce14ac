import type { AccessFile } from '../../../lambdas/domain/access-file.ts'
import type { Occasion } from '../../../lambdas/domain/findings/rule.ts'
import type { KnownAsk, KnownDecision, TrackRecord } from '../../../lambdas/domain/findings/track-record.ts'
import { chained, type Fact, GENESIS } from '../../../lambdas/domain/ledger.ts'
import { aRequest, type RequestOverrides } from '../../support/a-request.ts'
import { anAccessFile } from '../../support/an-access-file.ts'

/** A Wednesday, noon in Berlin. */
export const NOW = new Date('2027-03-03T11:00:00Z')
const DAY = 86_400_000

/** So many days, or parts of them, before now. */
export function ago(days: number): Date {
  return new Date(NOW.getTime() - Math.round(days * DAY))
}

let made = 0

export function anAsk(overrides: Partial<KnownAsk> = {}): KnownAsk {
  made += 1
  return {
    requestId: `ask-${made}`,
    sequence: 1,
    at: NOW,
    entitlement: 'logs-read',
    outcome: 'asked',
    seconds: 3600,
    ...overrides,
  }
}

export function aKnownDecision(overrides: Partial<KnownDecision> = {}): KnownDecision {
  made += 1
  return {
    requestId: `decided-${made}`,
    sequence: 3,
    at: NOW,
    requester: 'alice',
    entitlement: 'logs-read',
    decision: 'approve',
    afterSeconds: 600,
    ...overrides,
  }
}

export function aRecord(overrides: Partial<TrackRecord> = {}): TrackRecord {
  return { subject: 'alice', version: 0, asks: [], decisions: [], had: {}, open: [], ...overrides }
}

/** As many of something as a test wants, each made by its number. */
export function many<T>(count: number, make: (index: number) => T): readonly T[] {
  return Array.from({ length: count }, (_, index) => make(index))
}

export interface OccasionOverrides {
  readonly fact?: Partial<Fact>
  readonly request?: RequestOverrides
  readonly record?: Partial<TrackRecord>
  readonly before?: Partial<TrackRecord>
  readonly access?: AccessFile
  readonly events?: readonly Partial<Fact>[]
}

/** Alice's request `ask`, and an event of it at noon. */
export function anOccasion({ fact, request, record, before, access, events = [] }: OccasionOverrides): Occasion {
  const made = aRequest({ id: 'ask', at: NOW, ...request })
  const eventOf = (each: Partial<Fact>) =>
    chained('ask', GENESIS, { type: 'asked', at: NOW, actor: { person: 'alice' }, details: {}, ...each })
  const event = eventOf(fact ?? {})
  return {
    access: access ?? anAccessFile({ timezone: 'Europe/Berlin' }),
    event,
    events: [...events.map(eventOf), event],
    request: made,
    record: aRecord(record),
    before: aRecord(before),
  }
}
