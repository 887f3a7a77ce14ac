import { type AccessFile, type Entitlement, own, peopleOf } from './access-file.ts'
import type { Delegation } from './approval-rules.ts'
import type { MemberRef } from './member-ref.ts'
import type { AskedStage, Request } from './request.ts'

/**
 * The stages of an entitlement with the people who may answer now: groups opened, people who are away replaced by who stands in for
 * them, the requester left out.
 *
 * Invariant: the requester is never among the approvers. People are compared by person id, so a second account does not help, and a
 * delegation to the requester leaves the one who is away as approver.
 */
export function askedStages(
  access: AccessFile,
  requester: string,
  entitlement: Entitlement,
  now: Date,
): readonly AskedStage[] {
  const people = (refs: readonly MemberRef[]): readonly string[] => {
    const ids = peopleOf(access, refs).map(({ id }) => standIn(access, id, requester, now))
    return [...new Set(ids)].filter(id => id !== requester)
  }
  return entitlement.stages.map(({ name, approvers, quorum, escalateTo }) => ({
    name,
    quorum,
    approvers: people(approvers),
    ...(escalateTo && { escalateTo: people(escalateTo) }),
  }))
}

/** Somebody who is away, and whose part another takes while they are. */
export interface StandIn {
  /** Person ids. */
  readonly approver: string
  readonly inPlaceOf: string
  /** A UTC instant with `Z`: the first second the one who is away is asked again. */
  readonly until: string
  readonly because: string
}

/** Who of a stage answers in whose place, as it was when the request was asked. */
export function standInsOf(
  access: AccessFile,
  { requester, entitlement, askedAt }: Pick<Request, 'requester' | 'entitlement' | 'askedAt'>,
  stageName: string,
): readonly StandIn[] {
  const stage = own(access.entitlements, entitlement)?.stages.find(({ name }) => name === stageName)
  if (!stage) return []
  const people = peopleOf(access, [...stage.approvers, ...(stage.escalateTo ?? [])])
  return people.flatMap(({ id: inPlaceOf }) => {
    const approver = standIn(access, inPlaceOf, requester, askedAt)
    const delegation = delegationOf(access, inPlaceOf, askedAt)
    if (!delegation || approver === inPlaceOf) return []
    return [{ approver, inPlaceOf, until: delegation.until, because: delegation.because }]
  })
}

/** Who is asked instead of this person: delegations are followed until somebody is there, never in a circle and never to the requester. */
function standIn(access: AccessFile, id: string, requester: string, now: Date): string {
  const passed = new Set<string>()
  let current = id
  for (;;) {
    passed.add(current)
    const next = delegationOf(access, current, now)?.to
    if (next === undefined || next === requester || !Object.hasOwn(access.people, next)) return current
    if (passed.has(next)) return id
    current = next
  }
}

function delegationOf({ delegations = [] }: AccessFile, id: string, now: Date): Delegation | undefined {
  return delegations.find(({ of, from, until }) => of === id && new Date(from) <= now && now < new Date(until))
}

/**
 * The first stage that distinct people could not pass, if everybody who may be asked approved: one person counts in one stage only.
 * Escalation counts, for it is part of the way. Undefined when all can be passed.
 */
export function unmannedStage(stages: readonly AskedStage[]): AskedStage | undefined {
  const seatOf = new Map<string, AskedStage>()
  const mayAnswer = ({ approvers, escalateTo = [] }: AskedStage): readonly string[] => [...approvers, ...escalateTo]
  /** Kuhn's augmenting path: finds the stage a person of its own, moving others to where they may answer too. */
  const seat = (stage: AskedStage, tried: Set<string>): boolean =>
    mayAnswer(stage).some(person => {
      if (tried.has(person)) return false
      tried.add(person)
      const taken = seatOf.get(person)
      if (taken && !seat(taken, tried)) return false
      seatOf.set(person, stage)
      return true
    })
  return stages.find(stage => !Array.from({ length: stage.quorum }).every(() => seat(stage, new Set())))
}
