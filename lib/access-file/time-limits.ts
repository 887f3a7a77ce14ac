import { secondsOfShortDuration } from '../../lambdas/domain/duration.ts'
import type { Flaw, Path } from './flaw.ts'
import type { SoundEntitlement } from './sound-parts.ts'

/** The longest a grant may last: a working day. What is needed longer is not just-in-time. */
const LONGEST_GRANT = '12h'
/** The longest a request may wait for an answer. */
const LONGEST_WAIT = '24h'
export const DEFAULT_SHORTEST_GRANT = '5m'

/** Durations that contradict one another or the limits of the service. One that is missing or unreadable has its flaw already. */
export function timeLimitFlaws(
  id: string,
  { duration, rules, approval }: SoundEntitlement,
  shortestGrant = DEFAULT_SHORTEST_GRANT,
): readonly Flaw[] {
  const own: Path = ['entitlements', id]
  return [
    ...(duration ? durationFlaws([...own, 'duration'], duration, shortestGrant) : []),
    ...rules.flatMap((rule, index) =>
      rule?.maximum === undefined
        ? []
        : ruleFlaws([...own, 'rules', index, 'maximum'], rule.maximum, duration?.maximum, shortestGrant),
    ),
    ...waitFlaws([...own, 'approval'], approval),
  ]
}

function durationFlaws(own: Path, range: NonNullable<SoundEntitlement['duration']>, shortest: string): readonly Flaw[] {
  const { default: usual, maximum } = range
  return [
    isLonger(usual, maximum) && {
      path: [...own, 'default'],
      message: `the default ${usual} is longer than the maximum ${maximum}`,
      fix: `write ${maximum} or less, or raise the maximum`,
    },
    isLonger(shortest, usual) && {
      path: [...own, 'default'],
      message: `the default ${usual} is shorter than the shortest grant ${shortest}`,
      fix: `write ${shortest} or more, or lower limits.shortestGrant`,
    },
    isLonger(maximum, LONGEST_GRANT) && {
      path: [...own, 'maximum'],
      message: `the maximum ${maximum} is longer than ${LONGEST_GRANT}`,
      fix: `write ${LONGEST_GRANT} or less; who needs it longer asks again`,
    },
  ].flatMap(onValue)
}

function ruleFlaws(path: Path, limit: string, maximum: string | undefined, shortest: string): readonly Flaw[] {
  return [
    maximum !== undefined &&
      isLonger(limit, maximum) && {
        path,
        message: `the rule's maximum ${limit} is longer than the entitlement's ${maximum}`,
        fix: `write ${maximum} or less: a rule can only narrow`,
      },
    isLonger(shortest, limit) && {
      path,
      message: `the rule's maximum ${limit} is shorter than the shortest grant ${shortest}`,
      fix: `write ${shortest} or more: nobody could ask by this rule`,
    },
  ].flatMap(onValue)
}

/** The rungs of the ladder come one after the other: remind, ask others too, give up. */
function waitFlaws(own: Path, approval: SoundEntitlement['approval']): readonly Flaw[] {
  const { remindAfter, escalateAfter, unansweredAfter } = approval
  return [
    unansweredAfter !== undefined &&
      remindAfter !== undefined &&
      !isLonger(unansweredAfter, remindAfter) && {
        path: [...own, 'remindAfter'],
        message: `the reminder after ${remindAfter} does not come before the request is given up after ${unansweredAfter}`,
        fix: `write less than ${unansweredAfter}`,
      },
    escalateAfter !== undefined &&
      remindAfter !== undefined &&
      !isLonger(escalateAfter, remindAfter) && {
        path: [...own, 'escalateAfter'],
        message: `others are asked after ${escalateAfter}, which is not after the reminder at ${remindAfter}`,
        fix: `write more than ${remindAfter}, or remind earlier`,
      },
    unansweredAfter !== undefined &&
      escalateAfter !== undefined &&
      !isLonger(unansweredAfter, escalateAfter) && {
        path: [...own, 'escalateAfter'],
        message: `others are asked after ${escalateAfter}, which is not before the request is given up after ${unansweredAfter}`,
        fix: `write less than ${unansweredAfter}`,
      },
    unansweredAfter !== undefined &&
      isLonger(unansweredAfter, LONGEST_WAIT) && {
        path: [...own, 'unansweredAfter'],
        message: `a request may wait ${LONGEST_WAIT} for an answer, not ${unansweredAfter}`,
        fix: `write ${LONGEST_WAIT} or less`,
      },
  ].flatMap(onValue)
}

/** A finding that points at a value. */
export function onValue(flaw: Omit<Flaw, 'on'> | false): readonly Flaw[] {
  return flaw ? [{ ...flaw, on: 'value' }] : []
}

export function isLonger(one: string, other: string): boolean {
  return (secondsOfShortDuration(one) ?? 0) > (secondsOfShortDuration(other) ?? 0)
}
