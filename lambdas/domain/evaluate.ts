import { type AccessFile, type Entitlement, isMember, own, peopleOf, type Rule } from './access-file.ts'
import { toIsoDuration } from './duration.ts'
import { plusSeconds, toInstant } from './instant.ts'
import { type Parameters, render, type Statement } from './parameters.ts'
import type { AskedStage } from './request.ts'

/** What a person asks for, its form already checked. */
export interface Ask {
  readonly entitlement: string
  /** Without one the entitlement's default holds. */
  readonly durationSeconds?: number | undefined
  readonly parameters: Parameters
  readonly earliestStart?: Date | undefined
}

export type Evaluation = Allowed | Refused

export interface Allowed {
  readonly outcome: 'allowed'
  readonly rule: string
  readonly durationSeconds: number
  readonly maximumSeconds: number
  readonly stages: readonly AskedStage[]
  readonly statements: readonly Statement[]
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
  'frozen',
  'quota-reached',
] as const
export type RefusalCode = (typeof REFUSAL_CODES)[number]

/** How far ahead a grant may be asked for. */
export const FARTHEST_START_SECONDS = 30 * 86_400

/**
 * Judges an ask by the access file. The one evaluator: preview, request, decision and grant all call it.
 * Deny wins over allow; among the allowing rules the one with the longest limit matches, so the order of rules means nothing.
 *
 * @returns `allowed` with the matched rule, its limit, the stages and the filled statements, or `refused` with what would pass.
 */
export function evaluate(access: AccessFile, requester: string, ask: Ask, now: Date): Evaluation {
  const entitlement = own(access.entitlements, ask.entitlement)
  if (!entitlement) return unknownEntitlement(access, requester, ask.entitlement)
  const match = matchRule(access, requester, entitlement)
  if (match.outcome === 'unmatched') return notEligible(access, requester, match.rule, match.detail)

  const { rule, maximumSeconds } = match
  const durationSeconds = ask.durationSeconds ?? Math.min(entitlement.duration.defaultSeconds, maximumSeconds)
  const { shortestGrantSeconds } = access.limits
  const range = `a duration from ${toIsoDuration(shortestGrantSeconds)} to ${toIsoDuration(maximumSeconds)}`
  if (durationSeconds > maximumSeconds) {
    const detail = `${toIsoDuration(durationSeconds)} is longer than the ${toIsoDuration(maximumSeconds)} that rule ${rule} allows`
    return { outcome: 'refused', code: 'duration-too-long', rule, detail, wouldPass: range }
  }
  if (durationSeconds < shortestGrantSeconds) {
    const detail = `${toIsoDuration(durationSeconds)} is shorter than ${toIsoDuration(shortestGrantSeconds)}`
    return { outcome: 'refused', code: 'duration-too-short', rule, detail, wouldPass: range }
  }
  const farthest = plusSeconds(now, FARTHEST_START_SECONDS)
  if (ask.earliestStart && ask.earliestStart > farthest) {
    const wouldPass = `a start before ${toInstant(farthest)}`
    return { outcome: 'refused', code: 'start-too-far', rule, detail: 'the start lies too far ahead', wouldPass }
  }

  const rendering = render(entitlement, ask.parameters)
  if (rendering.outcome === 'refused') {
    return {
      outcome: 'refused',
      code: 'parameter-refused',
      rule,
      detail: rendering.detail,
      wouldPass: rendering.wouldPass,
    }
  }
  const stages = stagesFor(access, requester, entitlement)
  const unmanned = stages.find(stage => stage.approvers.length < stage.quorum)
  if (unmanned) {
    const detail = `stage ${unmanned.name} needs ${unmanned.quorum} other than the requester and has ${unmanned.approvers.length}`
    return {
      outcome: 'refused',
      code: 'no-approver',
      rule,
      detail,
      wouldPass: 'more approvers for this stage in the access file',
    }
  }
  return { outcome: 'allowed', rule, durationSeconds, maximumSeconds, stages, statements: rendering.statements }
}

/** The entitlements a person may ask for, each with the rule that lets them and the limit it sets. */
export function eligibleEntitlements(access: AccessFile, requester: string): readonly Eligible[] {
  return Object.values(access.entitlements).flatMap(entitlement => {
    const match = matchRule(access, requester, entitlement)
    return match.outcome === 'matched'
      ? [
          {
            entitlement,
            rule: match.rule,
            maximumSeconds: match.maximumSeconds,
            stages: stagesFor(access, requester, entitlement),
          },
        ]
      : []
  })
}

export interface Eligible {
  readonly entitlement: Entitlement
  readonly rule: string
  readonly maximumSeconds: number
  readonly stages: readonly AskedStage[]
}

type Match =
  | { readonly outcome: 'matched'; readonly rule: string; readonly maximumSeconds: number }
  | { readonly outcome: 'unmatched'; readonly rule: string; readonly detail: string }

function matchRule(access: AccessFile, requester: string, entitlement: Entitlement): Match {
  const mine = entitlement.rules.filter(rule => isMember(access, requester, rule.members))
  const denying = mine.filter(rule => rule.effect === 'deny').sort(byName)[0]
  if (denying)
    return {
      outcome: 'unmatched',
      rule: denying.name,
      detail: `rule ${denying.name} denies ${entitlement.id} to ${requester}`,
    }

  const limit = (rule: Rule): number => Math.min(rule.maximumSeconds ?? Infinity, entitlement.duration.maximumSeconds)
  const allowing = mine.filter(rule => rule.effect === 'allow').sort((a, b) => limit(b) - limit(a) || byName(a, b))[0]
  if (!allowing)
    return { outcome: 'unmatched', rule: 'default-deny', detail: `no rule of ${entitlement.id} names ${requester}` }
  return { outcome: 'matched', rule: allowing.name, maximumSeconds: limit(allowing) }
}

/** Invariant: the requester is never among the approvers. People are compared by person id, so a second account does not help. */
function stagesFor(access: AccessFile, requester: string, entitlement: Entitlement): readonly AskedStage[] {
  return entitlement.stages.map(({ name, approvers, quorum }) => ({
    name,
    quorum,
    approvers: peopleOf(access, approvers).flatMap(person => (person.id === requester ? [] : [person.id])),
  }))
}

function unknownEntitlement(access: AccessFile, requester: string, asked: string): Refused {
  const detail = `there is no entitlement ${asked}`
  return {
    outcome: 'refused',
    code: 'unknown-entitlement',
    rule: 'default-deny',
    detail,
    wouldPass: wouldPassFor(access, requester),
  }
}

function notEligible(access: AccessFile, requester: string, rule: string, detail: string): Refused {
  return { outcome: 'refused', code: 'not-eligible', rule, detail, wouldPass: wouldPassFor(access, requester) }
}

function wouldPassFor(access: AccessFile, requester: string): string {
  const ids = eligibleEntitlements(access, requester).map(({ entitlement }) => entitlement.id)
  return ids.length > 0
    ? `you may ask for ${ids.join(', ')}`
    : 'no entitlement is open to you; an administrator can add a rule for you'
}

function byName(a: Rule, b: Rule): number {
  return a.name < b.name ? -1 : 1
}
