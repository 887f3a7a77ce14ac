import type { RefusalCode } from '../evaluate.ts'
import { DAY_SECONDS, inWords, someOf, spansAround } from './lately.ts'
import type { Judge } from './rule.ts'
import type { Thresholds } from './settings.ts'

export const INELIGIBLE_PROBING = {
  refusals: 5,
  entitlements: 3,
  withinSeconds: DAY_SECONDS,
} as const satisfies Thresholds['ineligible-probing']

const INELIGIBLE: ReadonlySet<RefusalCode> = new Set(['not-eligible', 'unknown-entitlement'])

/** Asks for one thing after the other that the person has no right to ask for. A typing error, or one door tried twice, is no probing. */
export const ineligibleProbing: Judge<Thresholds['ineligible-probing']> = (
  { event, record },
  { refusals, entitlements, withinSeconds },
) => {
  const ineligible = record.asks.filter(({ code }) => code && INELIGIBLE.has(code))
  if (!ineligible.some(({ requestId }) => requestId === event.requestId)) return undefined
  for (const refused of spansAround(ineligible, event.at, withinSeconds)) {
    const tried = new Set(refused.map(({ entitlement }) => entitlement))
    if (refused.length < refusals || tried.size < entitlements) continue
    return `refused ${refused.length} times within ${inWords(withinSeconds)} for ${tried.size} entitlements the person may not ask for: ${someOf(tried)}`
  }
  return undefined
}
