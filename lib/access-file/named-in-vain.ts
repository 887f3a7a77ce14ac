import { type AccessFile, type Entitlement, own, peopleOf } from '../../lambdas/domain/access-file.ts'
import { reviewersFor } from '../../lambdas/domain/break-glass.ts'
import { isEligible } from '../../lambdas/domain/evaluate.ts'
import type { MemberRef } from '../../lambdas/domain/member-ref.ts'
import { mayAskInEmergency } from './asking-people.ts'
import type { Flaw, Path } from './flaw.ts'

/** People who are named for something they can never do. Needs a file whose references are right. */
export function namedInVainFlaws(access: AccessFile): readonly Flaw[] {
  const ofEntitlements = Object.values(access.entitlements).flatMap(entitlement => [
    ...automaticFlaws(access, entitlement),
    ...emergencyFlaws(access, entitlement),
    ...signerFlaws(access, entitlement),
    ...standInFlaws(access, entitlement),
  ])
  return [...powerlessFlaws(access), ...ofEntitlements]
}

/** Administrators and auditors act by signed calls alone. */
function powerlessFlaws(access: AccessFile): readonly Flaw[] {
  const DUTIES = { admins: 'revoke or freeze', auditors: 'read a review' } as const
  return (['admins', 'auditors'] as const).flatMap((duty): readonly Flaw[] => {
    const people = peopleOf(access, access[duty])
    if (people.length === 0 || people.some(({ id }) => canSign(access, id))) return []
    const message = `nobody could ${DUTIES[duty]}: none of these people has an IAM user or role session to sign with`
    return [{ path: [duty], on: 'value', message, fix: 'list one under the principals of one of them' }]
  })
}

function automaticFlaws(access: AccessFile, entitlement: Entitlement): readonly Flaw[] {
  const { id, automatic = [] } = entitlement
  return automatic.flatMap(({ members }, rule) =>
    withoutPeople(members, ref =>
      peopleOf(access, [ref]).some(person => isEligible(access, person.id, entitlement)),
    ).map(
      ({ ref, index }): Flaw => ({
        path: ['entitlements', id, 'automatic', rule, 'allow', index],
        on: 'value',
        message: `no rule of ${id} lets ${ref} ask, so nothing of theirs is approved`,
        fix: 'add a rule that allows them, or take them out',
      }),
    ),
  )
}

function emergencyFlaws(access: AccessFile, entitlement: Entitlement): readonly Flaw[] {
  const { id, breakGlass } = entitlement
  if (!breakGlass) return []
  const own: Path = ['entitlements', id, 'breakGlass']
  const mayUse = (person: string): boolean => mayAskInEmergency(access, person, entitlement)
  const denied = withoutPeople(breakGlass.members, ref => peopleOf(access, [ref]).some(person => mayUse(person.id)))
  const unreviewed = peopleOf(access, breakGlass.members)
    .map(person => person.id)
    .filter(person => mayUse(person) && !reviewersFor(access, breakGlass, person).some(each => canSign(access, each)))
  return [
    ...denied.map(
      ({ ref, index }): Flaw => ({
        path: [...own, 'allow', index],
        on: 'value',
        message: `a rule of ${id} denies it to ${ref}, in an emergency too`,
        fix: 'take them out, or narrow the deny rule',
      }),
    ),
    ...(unreviewed.length > 0
      ? [
          {
            path: [...own, 'reviewers'],
            on: 'value',
            message: `nobody else could sign the review when ${unreviewed.join(' or ')} uses it`,
            fix: 'add a reviewer who has an IAM user or role session of their own',
          } as const,
        ]
      : []),
  ]
}

/** A signed decision takes AWS credentials: who decides by mail only cannot give one. */
function signerFlaws(access: AccessFile, { id, assurance, stages }: Entitlement): readonly Flaw[] {
  if (assurance !== 'signed') return []
  return stages.flatMap(({ approvers, escalateTo = [] }, stage) =>
    [
      { key: 'approvers', refs: approvers },
      { key: 'escalateTo', refs: escalateTo },
    ].flatMap(({ key, refs }) =>
      refs.flatMap((ref, index): readonly Flaw[] => {
        const mute = peopleOf(access, [ref]).flatMap(person => (canSign(access, person.id) ? [] : [person.id]))
        if (mute.length === 0) return []
        return [
          {
            path: ['entitlements', id, 'approval', 'stages', stage, key, index],
            on: 'value',
            message: `decisions are signed here, and ${mute.join(' and ')} has no IAM user or role session to sign with`,
            fix: 'list one under principals, or name somebody else',
          },
        ]
      }),
    ),
  )
}

function standInFlaws(access: AccessFile, { id, assurance, stages }: Entitlement): readonly Flaw[] {
  if (assurance !== 'signed') return []
  const asked = peopleOf(
    access,
    stages.flatMap(({ approvers, escalateTo = [] }) => [...approvers, ...escalateTo]),
  )
  return (access.delegations ?? []).flatMap(({ of, to }, index): readonly Flaw[] => {
    if (canSign(access, to) || !asked.some(person => person.id === of)) return []
    const message = `decisions of ${id} are signed, and ${to} has no IAM user or role session to sign with`
    const fix = 'list one under principals, or name somebody else'
    return [{ path: ['delegations', index, 'to'], on: 'value', message, fix }]
  })
}

function canSign({ people }: AccessFile, id: string): boolean {
  const { principals = [], sessions = [] } = own(people, id) ?? {}
  return principals.length + sessions.length > 0
}

/** The references behind which there is nobody who can. */
function withoutPeople(refs: readonly MemberRef[], isThere: (ref: MemberRef) => boolean) {
  return refs.flatMap((ref, index) => (isThere(ref) ? [] : [{ ref, index }]))
}
