import type { Judge } from './rule.ts'
import type { Thresholds } from './settings.ts'

export const UNUSED_GRANT = { unused: 5, of: 6 } as const satisfies Thresholds['unused-grant']

/**
 * Grants of one entitlement, taken and not used. Only where every use would be seen: the others are not judged, and neither count as
 * used nor as unused.
 */
export const unusedGrant: Judge<Thresholds['unused-grant']> = ({ request, record }, { unused, of }) => {
  const settled = record.asks
    .filter(ask => ask.entitlement === request.entitlement && ask.isUnused !== undefined)
    .slice(-of)
  const count = settled.filter(({ isUnused }) => isUnused).length
  const isThisOne = settled.some(ask => ask.requestId === request.id && ask.isUnused)
  if (!isThisOne || settled.length < of || count < unused) return undefined
  return `did not use ${count} of the last ${settled.length} grants of ${request.entitlement}`
}
