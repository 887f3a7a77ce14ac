import { inWords, someOf, spansAround, WEEK_SECONDS } from './lately.ts'
import type { Judge } from './rule.ts'
import type { Thresholds } from './settings.ts'
import type { KnownAsk } from './track-record.ts'

export const REPEATED_DENIAL = {
  denials: 3,
  share: 0.25,
  withinSeconds: WEEK_SECONDS,
} as const satisfies Thresholds['repeated-denial']

/**
 * Approvers said no several times, and not just because they are asked much. What nobody answered says nothing of that: it would take
 * a few asks that are refused, or taken back, to hide the denials among them.
 */
export const repeatedDenial: Judge<Thresholds['repeated-denial']> = (
  { event, record },
  { denials, share, withinSeconds },
) => {
  const answered = record.asks.filter(({ outcome }) => ANSWERED.has(outcome))
  for (const asks of spansAround(answered, event.at, withinSeconds)) {
    const denied = asks.filter(({ outcome }) => outcome === 'denied')
    if (denied.length < denials || denied.length < share * asks.length) continue
    const what = someOf(new Set(denied.map(({ entitlement }) => entitlement)))
    return `denied ${denied.length} of ${asks.length} times within ${inWords(withinSeconds)}: ${what}`
  }
  return undefined
}

const ANSWERED: ReadonlySet<KnownAsk['outcome']> = new Set(['denied', 'granted', 'ended'])
