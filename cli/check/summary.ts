import { type AccessFile, type Entitlement, peopleOf } from '../../lambdas/domain/access-file.ts'
import { toShortDuration } from '../../lambdas/domain/duration.ts'
import { eligibleEntitlements } from '../../lambdas/domain/evaluate.ts'
import type { ReadAccess } from '../access-file.ts'

/** What an access file says, for whoever is about to deploy it. */
export interface Summary {
  readonly hash: string
  readonly organisation: string
  readonly people: number
  readonly groups: readonly { readonly group: string; readonly people: readonly string[] }[]
  readonly admins: readonly string[]
  readonly auditors: readonly string[]
  readonly entitlements: readonly EntitlementSummary[]
}

export interface EntitlementSummary {
  readonly entitlement: string
  readonly title: string
  readonly risk: string
  readonly defaultDuration: string
  readonly maximumDuration: string
  /** Everybody who may ask, each with the limit of the rule that lets them in. */
  readonly mayAsk: readonly { readonly person: string; readonly rule: string; readonly maximumDuration: string }[]
  readonly stages: readonly {
    readonly name: string
    readonly quorum: number
    readonly approvers: readonly string[]
    readonly escalateTo?: readonly string[]
  }[]
  /** Asks that need nobody, and who may take it at once in an emergency. */
  readonly automatic: readonly {
    readonly name: string
    readonly people: readonly string[]
    readonly maximumDuration: string
  }[]
  readonly breakGlass?: { readonly people: readonly string[]; readonly maximumDuration: string }
  readonly acknowledged: readonly { readonly risk: string; readonly because: string }[]
}

export function summaryOf({ access, hash }: ReadAccess, now: Date): Summary {
  const ids = (refs: readonly string[]): readonly string[] => peopleOf(access, refs).map(({ id }) => id)
  return {
    hash,
    organisation: access.organisation,
    people: Object.keys(access.people).length,
    groups: Object.entries(access.groups).map(([group, members]) => ({ group, people: ids(members) })),
    admins: ids(access.admins),
    auditors: ids(access.auditors),
    entitlements: Object.values(access.entitlements).map(entitlement => entitlementSummary(access, entitlement, now)),
  }
}

function entitlementSummary(access: AccessFile, entitlement: Entitlement, now: Date): EntitlementSummary {
  const { id, title, risk, duration, stages, automatic = [], breakGlass, acknowledged = [] } = entitlement
  const ids = (refs: readonly string[]): readonly string[] => peopleOf(access, refs).map(person => person.id)
  const mayAsk = Object.keys(access.people).flatMap(person =>
    eligibleEntitlements(access, person, now).flatMap(({ entitlement: open, rule, maximumSeconds }) =>
      open.id === id ? [{ person, rule, maximumDuration: toShortDuration(maximumSeconds) }] : [],
    ),
  )
  return {
    entitlement: id,
    title,
    risk,
    defaultDuration: toShortDuration(duration.defaultSeconds),
    maximumDuration: toShortDuration(duration.maximumSeconds),
    mayAsk,
    stages: stages.map(({ name, quorum, approvers, escalateTo }) => ({
      name,
      quorum,
      approvers: ids(approvers),
      ...(escalateTo && { escalateTo: ids(escalateTo) }),
    })),
    automatic: automatic.map(({ name, members, maximumSeconds }) => ({
      name,
      people: ids(members),
      maximumDuration: toShortDuration(maximumSeconds),
    })),
    ...(breakGlass && {
      breakGlass: { people: ids(breakGlass.members), maximumDuration: toShortDuration(breakGlass.maximumSeconds) },
    }),
    acknowledged,
  }
}
