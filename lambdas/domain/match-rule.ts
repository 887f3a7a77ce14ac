import { type AccessFile, type Entitlement, isMember, type Rule } from './access-file.ts'

/** What the rules of an entitlement say to a person, and how long a grant they allow. */
export type Match = Matched | Unmatched

export interface Matched {
  readonly outcome: 'matched'
  readonly rule: string
  readonly maximumSeconds: number
}

export interface Unmatched {
  readonly outcome: 'unmatched'
  readonly rule: string
  readonly detail: string
}

/** Deny wins over allow; among the allowing rules the one with the longest limit matches. */
export function matchRule(access: AccessFile, requester: string, entitlement: Entitlement): Match {
  const denied = denial(access, requester, entitlement)
  if (denied) return denied
  const limit = (rule: Rule): number => Math.min(rule.maximumSeconds ?? Infinity, entitlement.duration.maximumSeconds)
  const allowing = entitlement.rules
    .filter(rule => rule.effect === 'allow' && isMember(access, requester, rule.members))
    .sort((a, b) => limit(b) - limit(a) || byName(a, b))[0]
  if (!allowing)
    return { outcome: 'unmatched', rule: 'default-deny', detail: `no rule of ${entitlement.id} names ${requester}` }
  return { outcome: 'matched', rule: allowing.name, maximumSeconds: limit(allowing) }
}

/** The deny rule that keeps the person out, if there is one. */
export function denial(access: AccessFile, requester: string, { id, rules }: Entitlement): Unmatched | undefined {
  const denying = rules
    .filter(rule => rule.effect === 'deny' && isMember(access, requester, rule.members))
    .sort(byName)[0]
  if (!denying) return undefined
  return { outcome: 'unmatched', rule: denying.name, detail: `rule ${denying.name} denies ${id} to ${requester}` }
}

function byName(a: Rule, b: Rule): number {
  return a.name < b.name ? -1 : 1
}
