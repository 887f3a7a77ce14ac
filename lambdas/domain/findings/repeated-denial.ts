import { inWords, lately, someOf, WEEK_SECONDS } from './lately.ts'
import type { Judge } from './rule.ts'
import type { Thresholds } from './settings.ts'

export const REPEATED_DENIAL = {
  denials: 3,
  share: 0.25,
  withinSeconds: WEEK_SECONDS,
} as const satisfies Thresholds['repeated-denial']

/** Approvers said no several times, and not just because much is asked. */
export const repeatedDenial: Judge<Thresholds['repeated-denial']> = (
  { event, record },
  { denials, share, withinSeconds },
) => {
  const asks = lately(record.asks, event.at, withinSeconds)
  const denied = asks.filter(({ outcome }) => outcome === 'denied')
  if (denied.length < denials || denied.length < share * asks.length) return undefined
  const what = someOf(new Set(denied.map(({ entitlement }) => entitlement)))
  return `denied ${denied.length} of ${asks.length} times within ${inWords(withinSeconds)}: ${what}`
}
