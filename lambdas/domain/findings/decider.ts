import type { LedgerEvent } from '../ledger.ts'

/** The person who decides by this event, if it is a decision of a person. */
export function deciderOf({ actor, type, details }: LedgerEvent): string | undefined {
  const isDecision = type === 'decided' || type === 'approved' || type === 'denied'
  return isDecision && details.decision !== undefined && 'person' in actor ? actor.person : undefined
}
