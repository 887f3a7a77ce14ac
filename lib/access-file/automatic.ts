import type { Flaw, Path } from './flaw.ts'
import type { SoundEntitlement } from './sound-parts.ts'
import { DEFAULT_SHORTEST_GRANT, isLonger, onValue } from './time-limits.ts'

/** Automatic rules that could never approve anything, and two of one name. */
export function automaticFlaws(
  id: string,
  { risk, automatic, duration, approval, caps }: SoundEntitlement,
  shortestGrant = DEFAULT_SHORTEST_GRANT,
): readonly Flaw[] {
  const own: Path = ['entitlements', id, 'automatic']
  const people = peopleOnly(risk, approval.assurance)
  if (automatic.length > 0 && people) return [{ path: own, on: 'key', ...people }]
  return automatic.flatMap((rule, index) => {
    if (!rule) return []
    const { name, upTo, mostPerWeek } = rule
    const most = caps?.perWeek
    return [
      automatic.slice(0, index).some(earlier => earlier?.name === name) && {
        path: [...own, index, 'name'],
        message: `another automatic rule of ${id} is named ${name}`,
        fix: 'give each rule its own name: reviewers are told which one approved',
      },
      duration !== undefined &&
        isLonger(upTo, duration.maximum) && {
          path: [...own, index, 'upTo'],
          message: `the rule approves up to ${upTo}, and the entitlement's maximum is ${duration.maximum}`,
          fix: `write ${duration.maximum} or less`,
        },
      isLonger(shortestGrant, upTo) && {
        path: [...own, index, 'upTo'],
        message: `the rule approves up to ${upTo}, and the shortest grant is ${shortestGrant}`,
        fix: `write ${shortestGrant} or more: nothing could be approved by this rule`,
      },
      most !== undefined &&
        mostPerWeek > most && {
          path: [...own, index, 'mostPerWeek'],
          message: `the rule approves ${mostPerWeek} a week, and the cap is ${most}`,
          fix: `write ${most} or less`,
        },
    ].flatMap(onValue)
  })
}

/** Why nothing of the entitlement is ever approved without people. */
function peopleOnly(risk: SoundEntitlement['risk'], assurance: SoundEntitlement['approval']['assurance']) {
  const fix = 'take automatic out'
  if (assurance === 'signed')
    return { message: 'decisions are signed by people here, so nothing is approved by rule', fix }
  if (risk === 'high') return { message: 'the risk is high, so nothing is approved by rule', fix }
  return undefined
}
