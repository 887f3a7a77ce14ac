import { own } from '../access-file.ts'
import { isOver, plusSeconds } from '../instant.ts'
import { DAY_SECONDS } from './lately.ts'
import { isRisky } from './risky.ts'
import type { Judge } from './rule.ts'
import type { Thresholds } from './settings.ts'

export const FIRST_TIME = {
  risk: 'high',
  after: 20,
  knownSeconds: 14 * DAY_SECONDS,
} as const satisfies Thresholds['first-time']

/** Something risky that a person whose needs are known never had, nor asked for of late. */
export const firstTime: Judge<Thresholds['first-time']> = (
  { access, event, request: { id, entitlement }, record: { asks, had, since } },
  { risk, after, knownSeconds },
) => {
  if (!isRisky(access, entitlement, risk) || own(had, entitlement)) return undefined
  const before = asks.filter(ask => ask.requestId !== id && ask.outcome !== 'refused')
  const isKnown = since !== undefined && isOver(plusSeconds(since, knownSeconds), event.at)
  if (!isKnown || before.length < after || before.some(ask => ask.entitlement === entitlement)) return undefined
  return `asked for ${entitlement}, of ${risk} risk or more, for the first time; ${before.length} asks of late were for other things`
}
