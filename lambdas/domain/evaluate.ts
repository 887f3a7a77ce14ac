import { type AccessFile, type Entitlement, own } from './access-file.ts'
import { asIsOf, noLaterStart } from './as-is.ts'
import { askedStages, unmannedStage } from './asked-stages.ts'
import { automaticUses, fittingRules } from './automatic.ts'
import { matchBreakGlass, reviewersFor } from './break-glass.ts'
import { capReached } from './caps.ts'
import type { AsIs } from './lease.ts'
import { matchRule } from './match-rule.ts'
import { type Parameters, render, type Statement } from './parameters.ts'
import type { OpenDebt, Past } from './past.ts'
import type { AskedStage } from './request.ts'
import { untimely } from './timing.ts'

/** What a person asks for, its form already checked. */
export interface Ask {
  readonly entitlement: string
  /** Without one the entitlement's default holds. */
  readonly durationSeconds?: number | undefined
  readonly parameters: Parameters
  readonly earliestStart?: Date | undefined
  /** Asked for as an emergency. */
  readonly isBreakGlass?: boolean | undefined
  /** The request whose grant this one prolongs. */
  readonly extends?: string | undefined
}

export type Evaluation = Allowed | Refused

export interface Allowed {
  readonly outcome: 'allowed'
  readonly rule: string
  readonly durationSeconds: number
  readonly maximumSeconds: number
  readonly stages: readonly AskedStage[]
  readonly statements: readonly Statement[]
  readonly asIs?: AsIs | undefined
  /** Name of the rule by which nobody needs to be asked. */
  readonly automatic?: string | undefined
  readonly emergency?: Emergency | undefined
}

/** An ask as an emergency. With an open debt it waits for the people of the stages like any other. */
export interface Emergency {
  /** Person ids; the requester is never among them. */
  readonly reviewers: readonly string[]
  readonly openDebt?: OpenDebt | undefined
}

export interface Refused {
  readonly outcome: 'refused'
  readonly code: RefusalCode
  /** The rule of the access file that refuses, by name. */
  readonly rule: string
  readonly detail: string
  readonly wouldPass: string
}

export const REFUSAL_CODES = [
  'unknown-entitlement',
  'not-eligible',
  'duration-too-long',
  'duration-too-short',
  'start-too-far',
  'parameter-refused',
  'no-approver',
  'no-reviewer',
  'cap-reached',
  'frozen',
  'held',
  'quota-reached',
  'principal-changed',
  'session-not-pinned',
  'boundary-missing',
  'as-is-refused',
] as const
export type RefusalCode = (typeof REFUSAL_CODES)[number]

/**
 * Judges an ask by the access file. The one evaluator: preview, request, decision and grant all call it.
 * Deny wins over allow; among the allowing rules the one with the longest limit matches, so the order of rules means nothing.
 *
 * @param past what the requester has had of late; without it caps and automatic rules are not judged.
 * @returns `allowed` with the matched rule, its limit, the stages and the filled statements, or `refused` with what would pass.
 */
export function evaluate(access: AccessFile, requester: string, ask: Ask, now: Date, past?: Past): Evaluation {
  const entitlement = own(access.entitlements, ask.entitlement)
  if (!entitlement) {
    const detail = `there is no entitlement ${ask.entitlement}`
    const wouldPass = wouldPassFor(access, requester)
    return { outcome: 'refused', code: 'unknown-entitlement', rule: 'default-deny', detail, wouldPass }
  }
  const match = (ask.isBreakGlass ? matchBreakGlass : matchRule)(access, requester, entitlement)
  if (match.outcome === 'unmatched') return notEligible(access, requester, match.rule, match.detail)

  const { rule, maximumSeconds } = match
  const durationSeconds = ask.durationSeconds ?? Math.min(entitlement.duration.defaultSeconds, maximumSeconds)
  const badTiming = untimely(access, match, { ...ask, durationSeconds }, now)
  if (badTiming) return { outcome: 'refused', rule, ...badTiming }
  if (entitlement.managedPolicy?.asIs && ask.earliestStart) return noLaterStart(rule)
  const rendering = render(entitlement, ask.parameters)
  if (rendering.outcome === 'refused') {
    const { detail, wouldPass } = rendering
    return { outcome: 'refused', code: 'parameter-refused', rule, detail, wouldPass }
  }
  const stages = askedStages(access, requester, entitlement, now)
  const unmanned = unmannedStage(stages)
  if (unmanned) return noApprover(rule, unmanned)
  const granted = { durationSeconds, maximumSeconds, stages, statements: rendering.statements, ...asIsOf(entitlement) }
  const allowed: Allowed = { outcome: 'allowed', rule, ...granted }
  return ask.isBreakGlass
    ? asEmergency(access, requester, entitlement, allowed, past)
    : counted(access, requester, entitlement, { ...ask, allowed }, now, past)
}

function noApprover(rule: string, { name, quorum, approvers, escalateTo = [] }: AskedStage): Refused {
  const there = new Set([...approvers, ...escalateTo]).size
  const others = there < quorum ? '' : ', who are needed in other stages'
  const detail = `stage ${name} needs ${quorum} other than the requester and has ${there}${others}`
  const wouldPass = 'more approvers for this stage in the access file'
  return { outcome: 'refused', code: 'no-approver', rule, detail, wouldPass }
}

/** Caps do not hold an emergency back: it is told to everybody, and a second one waits for people. */
function asEmergency(
  access: AccessFile,
  requester: string,
  { id, breakGlass }: Entitlement,
  allowed: Allowed,
  past: Past | undefined,
): Evaluation {
  const reviewers = breakGlass ? reviewersFor(access, breakGlass, requester) : []
  if (reviewers.length === 0) {
    const detail = `nobody but ${requester} could review an emergency use of ${id}`
    const wouldPass = 'another reviewer for it in the access file'
    return { outcome: 'refused', code: 'no-reviewer', rule: allowed.rule, detail, wouldPass }
  }
  return { ...allowed, emergency: { reviewers, ...(past?.openDebt && { openDebt: past.openDebt }) } }
}

/** The judgement that depends on what the person has had: over a cap, by an automatic rule, or by people. */
function counted(
  access: AccessFile,
  requester: string,
  entitlement: Entitlement,
  { allowed, earliestStart, extends: prolongs }: Ask & { readonly allowed: Allowed },
  now: Date,
  past: Past | undefined,
): Evaluation {
  if (!past) return allowed
  const { durationSeconds } = allowed
  const reached = capReached(entitlement, { durationSeconds, extends: prolongs }, past.uses, now)
  if (reached) return { outcome: 'refused', code: 'cap-reached', rule: 'caps', ...reached }
  const had = automaticUses(entitlement, past.uses, now)
  const automatic = fittingRules(access, entitlement, { requester, durationSeconds, earliestStart }, now).find(
    ({ mostPerWeek }) => had < mostPerWeek,
  )
  return automatic ? { ...allowed, automatic: automatic.name } : allowed
}

/**
 * The entitlements a person may ask for, each with the rule that lets them and the limit it sets. One that is open to them in an
 * emergency only has the rule and the limit of that.
 */
export function eligibleEntitlements(access: AccessFile, requester: string, now: Date): readonly Eligible[] {
  return Object.values(access.entitlements).flatMap(entitlement => {
    const ordinary = matchRule(access, requester, entitlement)
    const match = ordinary.outcome === 'matched' ? ordinary : matchBreakGlass(access, requester, entitlement)
    if (match.outcome === 'unmatched') return []
    const { rule, maximumSeconds } = match
    return [{ entitlement, rule, maximumSeconds, stages: askedStages(access, requester, entitlement, now) }]
  })
}

/** Whether a rule lets the person ask for the entitlement. */
export function isEligible(access: AccessFile, person: string, entitlement: Entitlement): boolean {
  return matchRule(access, person, entitlement).outcome === 'matched'
}

export interface Eligible {
  readonly entitlement: Entitlement
  readonly rule: string
  readonly maximumSeconds: number
  readonly stages: readonly AskedStage[]
}

function notEligible(access: AccessFile, requester: string, rule: string, detail: string): Refused {
  return { outcome: 'refused', code: 'not-eligible', rule, detail, wouldPass: wouldPassFor(access, requester) }
}

function wouldPassFor(access: AccessFile, requester: string): string {
  const open = Object.values(access.entitlements).filter(entitlement => isEligible(access, requester, entitlement))
  const ids = open.map(({ id }) => id)
  return ids.length > 0
    ? `you may ask for ${ids.join(', ')}`
    : 'no entitlement is open to you; an administrator can add a rule for you'
}
