import { isInRange } from './address-range.ts'
import type { Judge } from './rule.ts'
import type { Thresholds } from './settings.ts'

export const ONE_PLACE = {} as const satisfies Thresholds['one-place']

/**
 * The answer comes from the address that asked, from where this approver has never been seen, and which is no office: whoever asked may
 * have answered.
 */
export const onePlace: Judge<Thresholds['one-place']> = ({ access, event, events, record }) => {
  const from = event.details.from
  if (typeof from !== 'string' || event.details.decision !== 'approve' || events[0]?.details.from !== from)
    return undefined
  if (access.findings?.offices?.some(range => isInRange(range, from))) return undefined
  const isOther = (known: { readonly requestId: string }) => known.requestId !== event.requestId
  const places = [...record.asks, ...record.decisions].filter(isOther).map(known => known.from)
  if (places.includes(from)) return undefined
  return `approved from ${from}, where the request was asked from and where ${record.subject} was not seen before`
}
