import { type LedgerEvent, verifyChain } from './ledger.ts'
import type { MetricName } from './metric-names.ts'

/** What a new event says to operators: a number for each metric it moves. `events` are those of its request up to it. */
export function signalsOf(
  event: LedgerEvent,
  events: readonly LedgerEvent[],
): Readonly<Partial<Record<MetricName, number>>> {
  const isWhole = verifyChain(event.requestId, events).outcome === 'intact'
  return { ...ofType(event, events), ...(!isWhole && { ChainsBroken: 1 }) }
}

function ofType(
  { type, at, actor, details }: LedgerEvent,
  events: readonly LedgerEvent[],
): Readonly<Partial<Record<MetricName, number>>> {
  switch (type) {
    case 'asked':
    case 'refused':
      return { RequestsAsked: 1 }
    case 'failed':
      return { RequestsFailed: 1 }
    case 'mail-failed':
      return { MailUnsent: 1 }
    case 'ended':
      return details.cause === 'external' ? { GrantsEndedOutside: 1 } : {}
    case 'approved':
    case 'denied': {
      // What a rule approves takes no time; only people's decisions are measured.
      const [asked] = events
      return asked && 'person' in actor ? { DecisionSeconds: (at.getTime() - asked.at.getTime()) / 1000 } : {}
    }
    default:
      return {}
  }
}
