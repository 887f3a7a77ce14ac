import type { Flaw, Path } from './flaw.ts'
import type { SoundEntitlement } from './sound-parts.ts'
import { DEFAULT_SHORTEST_GRANT, isLonger, onValue } from './time-limits.ts'

/** Caps that nothing passes, that nothing reaches, and caps that are none. */
export function capFlaws(
  id: string,
  { caps, duration }: SoundEntitlement,
  shortestGrant = DEFAULT_SHORTEST_GRANT,
): readonly Flaw[] {
  if (!caps) return []
  const own: Path = ['entitlements', id, 'caps']
  const { open, perWeek, timePerWeek } = caps
  if (open === undefined && perWeek === undefined && timePerWeek === undefined) {
    const fix = 'add open, perWeek or timePerWeek, or take caps out'
    return [{ path: own, on: 'key', message: 'caps says nothing', fix }]
  }
  const isTooShort = timePerWeek !== undefined && isLonger(shortestGrant, timePerWeek)
  return [
    isTooShort && {
      path: [...own, 'timePerWeek'],
      message: `${timePerWeek} in seven days is shorter than the shortest grant ${shortestGrant}`,
      fix: `write ${shortestGrant} or more: nobody could ask`,
    },
    timePerWeek !== undefined &&
      !isTooShort &&
      duration !== undefined &&
      isLonger(duration.default, timePerWeek) && {
        path: [...own, 'timePerWeek'],
        message: `${timePerWeek} in seven days is shorter than the default ${duration.default}`,
        fix: `write ${duration.default} or more, or lower the default`,
      },
    open !== undefined &&
      perWeek !== undefined &&
      open > perWeek && {
        path: [...own, 'open'],
        message: `${open} can never be open when ${perWeek} can be had in seven days`,
        fix: `write ${perWeek} or less, or take it out`,
      },
  ].flatMap(onValue)
}
