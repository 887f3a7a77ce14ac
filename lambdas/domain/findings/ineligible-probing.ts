import type { RefusalCode } from '../evaluate.ts'
import { DAY_SECONDS, inWords, lately, someOf } from './lately.ts'
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
  const refused = lately(record.asks, event.at, withinSeconds).filter(({ code }) => code && INELIGIBLE.has(code))
  const tried = new Set(refused.map(({ entitlement }) => entitlement))
  const isThisOne = refused.some(({ requestId }) => requestId === event.requestId)
  if (!isThisOne || refused.length < refusals || tried.size < entitlements) return undefined
  return `refused ${refused.length} times within ${inWords(withinSeconds)} for ${tried.size} entitlements the person may not ask for: ${someOf(tried)}`
}
