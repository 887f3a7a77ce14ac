import type { EventType } from '../ledger.ts'
import { ALWAYS_APPROVES, alwaysApproves } from './always-approves.ts'
import { BULK_DECISIONS, bulkDecisions } from './bulk-decisions.ts'
import { DRIFT, drift } from './drift.ts'
import type { FindingRule } from './finding.ts'
import { FIRST_TIME, firstTime } from './first-time.ts'
import { INELIGIBLE_PROBING, ineligibleProbing } from './ineligible-probing.ts'
import { LONG_LIVED, longLived } from './long-lived.ts'
import { OFF_HOURS, offHours } from './off-hours.ts'
import { ONE_PLACE, onePlace } from './one-place.ts'
import { OUTSIDE_WINDOW, outsideWindow } from './outside-window.ts'
import { QUICK_DECISIONS, quickDecisions } from './quick-decisions.ts'
import { REPEATED_DENIAL, repeatedDenial } from './repeated-denial.ts'
import { REQUEST_SPIKE, requestSpike } from './request-spike.ts'
import type { Judge, Occasion } from './rule.ts'
import { SAME_PAIR, samePair } from './same-pair.ts'
import { SERIAL_EXTENSION, serialExtension } from './serial-extension.ts'
import type { Thresholds } from './settings.ts'
import { UNUSED_GRANT, unusedGrant } from './unused-grant.ts'

/** A rule with what it looks at. */
interface Rule {
  readonly name: FindingRule
  /** Events it looks at. */
  readonly on: readonly EventType[]
  /** Whose record it judges by. */
  readonly by: 'requester' | 'decider'
  /** Whose finding it is. */
  readonly about: 'requester' | 'decider'
  /** Whom it points at too. */
  readonly alsoAbout?: 'requester' | undefined
  /** It counts what happened of late, so it would count again what a person looked into and closed. */
  readonly isCounting: boolean
  readonly says: (occasion: Occasion) => string | undefined
}

/** What is judged by the events of requests. `outside-change` has none: it is found by what CloudTrail shows of IAM. */
type JudgedRule = Exclude<FindingRule, 'outside-change'>

const ASKS: readonly EventType[] = ['asked', 'refused']
const DECISIONS: readonly EventType[] = ['decided', 'approved', 'denied']
const APPROVALS: readonly EventType[] = ['decided', 'approved']

const COUNTING: ReadonlySet<FindingRule> = new Set([
  'request-spike',
  'repeated-denial',
  'ineligible-probing',
  'unused-grant',
  'serial-extension',
  'quick-decisions',
  'bulk-decisions',
])

export const RULES: readonly Rule[] = [
  ruleOf('requester', 'request-spike', ASKS, requestSpike, REQUEST_SPIKE),
  ruleOf('requester', 'first-time', ['asked'], firstTime, FIRST_TIME),
  ruleOf('requester', 'off-hours', [...ASKS, 'activated'], offHours, OFF_HOURS),
  ruleOf('requester', 'repeated-denial', ['denied'], repeatedDenial, REPEATED_DENIAL),
  ruleOf('requester', 'ineligible-probing', ['refused'], ineligibleProbing, INELIGIBLE_PROBING),
  ruleOf('requester', 'unused-grant', ['books-closed'], unusedGrant, UNUSED_GRANT),
  ruleOf('requester', 'serial-extension', ['asked'], serialExtension, SERIAL_EXTENSION),
  ruleOf('requester', 'long-lived', ['activated'], longLived, LONG_LIVED),
  ruleOf('decider', 'quick-decisions', DECISIONS, quickDecisions, QUICK_DECISIONS),
  ruleOf('decider', 'always-approves', DECISIONS, alwaysApproves, ALWAYS_APPROVES),
  ruleOf('decider', 'bulk-decisions', DECISIONS, bulkDecisions, BULK_DECISIONS),
  { ...ruleOf('requester', 'same-pair', APPROVALS, samePair, SAME_PAIR), about: 'decider', alsoAbout: 'requester' },
  { ...ruleOf('decider', 'one-place', APPROVALS, onePlace, ONE_PLACE), alsoAbout: 'requester' },
  ruleOf('requester', 'outside-window', ['books-closed'], outsideWindow, OUTSIDE_WINDOW),
  ruleOf('requester', 'drift', ['drift-removed', 'ended'], drift, DRIFT),
]

function ruleOf<Name extends JudgedRule>(
  who: Rule['by'],
  name: Name,
  on: readonly EventType[],
  judge: Judge<Thresholds[Name]>,
  defaults: Thresholds[Name],
): Rule {
  return { name, on, by: who, about: who, isCounting: COUNTING.has(name), says: saying(name, judge, defaults) }
}

/** With the thresholds of the access file, where it sets any. */
function saying<Name extends JudgedRule>(name: Name, judge: Judge<Thresholds[Name]>, defaults: Thresholds[Name]) {
  return (occasion: Occasion) => judge(occasion, { ...defaults, ...occasion.access.findings?.rules?.[name] })
}
