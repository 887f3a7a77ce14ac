import { isDeepStrictEqual } from 'node:util'
import type { AccessFile, Entitlement } from '../../lambdas/domain/access-file.ts'
import { rulesFor } from '../../lambdas/domain/automatic.ts'
import { matchRule } from '../../lambdas/domain/match-rule.ts'
import { allowsAtLeast } from '../entitlement-lint/containment.ts'
import type { Flaw } from './flaw.ts'
import { nearestName } from './nearest-name.ts'

const EASIER = 'easier-than:'

/** Whether an acknowledgement is of an easier way, `easier-than:orders-read`. */
export function isOfAnotherWay(risk: string): boolean {
  return risk.startsWith(EASIER)
}

/**
 * Entitlements that give people at least what another gives them, for as long and with less asking, so that the other's approval can be
 * walked around. Each must be acknowledged, and nothing that is not so. Emergencies are not compared: they are loud, and reviewed.
 */
export function easierWayFlaws(access: AccessFile): readonly Flaw[] {
  const entitlements = Object.values(access.entitlements)
  return entitlements.flatMap(entitlement => {
    const ways = entitlements.flatMap(other => {
      const people = entitlement === other ? [] : peopleOnEasierWay(access, entitlement, other)
      return people.length > 0 ? [{ other: other.id, people }] : []
    })
    const accepted = (entitlement.acknowledged ?? []).map(({ risk }) => risk)
    return [
      ...ways
        .filter(({ other }) => !accepted.includes(`${EASIER}${other}`))
        .map(({ other, people }) => unaccepted(entitlement, other, people)),
      ...superfluous(
        access,
        entitlement,
        ways.map(({ other }) => other),
      ),
    ]
  })
}

function unaccepted({ id }: Entitlement, other: string, people: readonly string[]): Flaw {
  const [first, second, ...more] = people
  const who = more.length > 0 ? `${first}, ${second} and ${more.length} more` : people.join(' and ')
  return {
    path: ['entitlements', id, 'approval'],
    on: 'key',
    message: `${id} gives ${who} what ${other} gives them, with less approval`,
    fix: `ask as many as ${other} does, narrow one of them, or say why it is acceptable: acknowledged: [{ risk: "${EASIER}${other}", because: … }]`,
  }
}

function superfluous(
  access: AccessFile,
  { id, acknowledged = [] }: Entitlement,
  ways: readonly string[],
): readonly Flaw[] {
  return acknowledged.flatMap(({ risk }, index): readonly Flaw[] => {
    const other = risk.slice(EASIER.length)
    if (!isOfAnotherWay(risk) || ways.includes(other)) return []
    const path = ['entitlements', id, 'acknowledged', index, 'risk']
    if (Object.hasOwn(access.entitlements, other)) {
      const fix = 'take it out: what is acknowledged must be there'
      return [{ path, on: 'value', message: `${id} is no easier way than ${other}`, fix }]
    }
    const nearest = nearestName(other, Object.keys(access.entitlements))
    const fix = nearest ? `did you mean ${EASIER}${nearest}` : 'take it out'
    return [{ path, on: 'value', message: `there is no entitlement ${other}`, fix }]
  })
}

/** Who may ask for both and comes to the same by the first with less asking. */
function peopleOnEasierWay(access: AccessFile, one: Entitlement, other: Entitlement): readonly string[] {
  const people = Object.keys(access.people).filter(id => {
    const [ours, theirs] = [matchRule(access, id, one), matchRule(access, id, other)]
    const isOpen = ours.outcome === 'matched' && theirs.outcome === 'matched'
    return isOpen && ours.maximumSeconds >= theirs.maximumSeconds && asksLess(access, id, one, other)
  })
  return people.length > 0 && givesAtLeast(one, other) ? people : []
}

/** Fences and caps take away: they must be the same, or only on the other. */
function givesAtLeast(one: Entitlement, other: Entitlement): boolean {
  const { mfa, sourceIps, regions, principalTags } = other.fences ?? {}
  const theirs: Readonly<Record<string, unknown>> = { mfa, sourceIps, regions, principalTags }
  const areFencesNoStricter = Object.entries(one.fences ?? {}).every(([key, fence]) =>
    isDeepStrictEqual(fence, theirs[key]),
  )
  const areCapsNoStricter = !one.caps || isDeepStrictEqual(one.caps, other.caps)
  return areFencesNoStricter && areCapsNoStricter && allowsAtLeast(one, other)
}

/** Whether the first asks less of somebody in one respect, and no more in any. */
function asksLess(access: AccessFile, person: string, one: Entitlement, other: Entitlement): boolean {
  const differences = [
    answersNeeded(one) - answersNeeded(other),
    proofNeeded(one) - proofNeeded(other),
    approvedByRule(access, person, other) - approvedByRule(access, person, one),
  ]
  return differences.every(difference => difference <= 0) && differences.some(difference => difference < 0)
}

/** Answers of distinct people. */
function answersNeeded({ stages }: Entitlement): number {
  return stages.reduce((sum, { quorum }) => sum + quorum, 0)
}

/** How sure an answer is to come from the approver: a link, a link with a code, a signature, a signature of an MFA session. */
function proofNeeded({ codeRequired, assurance, decisionMfa }: Entitlement): number {
  if (assurance === 'signed') return decisionMfa ? 3 : 2
  return codeRequired ? 1 : 0
}

/** The longest grant that needs nobody, in seconds. */
function approvedByRule(access: AccessFile, person: string, entitlement: Entitlement): number {
  return Math.max(0, ...rulesFor(access, entitlement, person).map(({ maximumSeconds }) => maximumSeconds))
}
