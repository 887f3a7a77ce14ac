import type { Flaw, Path } from './flaw.ts'
import type { SoundEntitlement } from './sound-parts.ts'
import { DEFAULT_SHORTEST_GRANT, isLonger, onValue } from './time-limits.ts'

/** The longest a review of an emergency may be owed: a week, written in hours as people read it. */
const LONGEST_DEBT = '168h'

/** Times of break-glass that contradict one another or the limits of the service. */
export function emergencyFlaws(
  id: string,
  { breakGlass, duration }: SoundEntitlement,
  shortestGrant = DEFAULT_SHORTEST_GRANT,
): readonly Flaw[] {
  if (!breakGlass) return []
  const own: Path = ['entitlements', id, 'breakGlass']
  const { maximum, reviewWithin } = breakGlass
  return [
    maximum !== undefined &&
      duration !== undefined &&
      isLonger(maximum, duration.maximum) && {
        path: [...own, 'maximum'],
        message: `the emergency maximum ${maximum} is longer than the entitlement's ${duration.maximum}`,
        fix: `write ${duration.maximum} or less: an emergency is shorter, not longer`,
      },
    maximum !== undefined &&
      isLonger(shortestGrant, maximum) && {
        path: [...own, 'maximum'],
        message: `the emergency maximum ${maximum} is shorter than the shortest grant ${shortestGrant}`,
        fix: `write ${shortestGrant} or more: nobody could ask in an emergency`,
      },
    reviewWithin !== undefined &&
      isLonger(reviewWithin, LONGEST_DEBT) && {
        path: [...own, 'reviewWithin'],
        message: `a review may be owed for ${LONGEST_DEBT}, not ${reviewWithin}`,
        fix: `write ${LONGEST_DEBT} or less`,
      },
  ].flatMap(onValue)
}
