import type { AllowedActions } from './allowed-actions.ts'
import type { AutomaticRule, BreakGlass, Caps, Delegation, Ladder, Notify } from './approval-rules.ts'
import type { BusinessHours } from './business-hours.ts'
import type { FindingSettings } from './findings/settings.ts'
import type { MemberRef } from './member-ref.ts'
import type { Reach } from './reach.ts'
import type { RoleSession } from './role-session.ts'

/** The access file as the service reads it: checked at synth, references resolved, durations in seconds. See docs/access-file.md. */
export interface AccessFile {
  readonly organisation: string
  /** IANA zone in which the organisation reads its times and its quarters begin, `Europe/Berlin`. */
  readonly timezone: string
  readonly mail: { readonly from: string }
  /** A grant shorter than this is refused: clocks differ, and IAM takes seconds to show a new policy everywhere. */
  readonly limits: { readonly shortestGrantSeconds: number }
  readonly people: Readonly<Record<string, Person>>
  readonly groups: Readonly<Record<string, readonly MemberRef[]>>
  /** May revoke and freeze, see every request, and are told of every grant. */
  readonly admins: readonly MemberRef[]
  /** May see every request and the reviews. */
  readonly auditors: readonly MemberRef[]
  /** When the organisation works: what is off-hours, and what ladders `within` hours count. Without them every hour is a working hour. */
  readonly hours?: BusinessHours | undefined
  readonly delegations?: readonly Delegation[] | undefined
  readonly notify?: Notify | undefined
  /** What counts as unusual; without it the defaults, and nothing holds. */
  readonly findings?: FindingSettings | undefined
  readonly entitlements: Readonly<Record<string, Entitlement>>
}

export interface Person {
  readonly id: string
  readonly name: string
  readonly email: string
  /** IAM users of this one human, by path: `user/people/alice`. The account is the one Lapse runs in. */
  readonly principals: readonly string[]
  /** Sessions of IAM roles that are this one human. */
  readonly sessions?: readonly RoleSession[] | undefined
  readonly timezone?: string | undefined
}

export type Risk = 'low' | 'medium' | 'high'

export interface Entitlement {
  readonly id: string
  readonly title: string
  readonly description: string
  readonly risk: Risk
  readonly parameters: Readonly<Record<string, Parameter>>
  readonly statements: readonly StatementTemplate[]
  /** What the statements allow by AWS's reference, worked out at synth for words to people. Nothing is decided by it. */
  readonly allows?: readonly AllowedActions[] | undefined
  /** The AWS-managed policy the statements are copied from, and the version that was copied. */
  readonly managedPolicy?: ManagedPolicy | undefined
  /** Where and how a grant may be used, beyond its time and its person. */
  readonly fences?: Fences | undefined
  /** Risks of the statements that the organisation accepts, each with its reason, for reviewers and auditors. */
  readonly acknowledged?: readonly { readonly risk: string; readonly because: string }[] | undefined
  readonly duration: { readonly defaultSeconds: number; readonly maximumSeconds: number }
  readonly rules: readonly Rule[]
  readonly stages: readonly Stage[]
  readonly ladder: Ladder
  /** Whether the approver must type the six-digit code of the mail. */
  readonly codeRequired: boolean
  /** `signed`: only a call signed with the approver's own AWS credentials decides; the mail carries no power. Default `link`. */
  readonly assurance?: 'link' | 'signed' | undefined
  /** Whether approvers decide only in sessions begun with MFA. API Gateway demands it, on the route, so of every signed decision. */
  readonly decisionMfa?: true | undefined
  /** Asks that need nobody's answer. */
  readonly automatic?: readonly AutomaticRule[] | undefined
  readonly breakGlass?: BreakGlass | undefined
  readonly caps?: Caps | undefined
}

export interface ManagedPolicy {
  readonly arn: string
  readonly versionId: string
  /** Nothing is copied: the policy itself is attached, without a fence. The hash is that of the reviewed document. */
  readonly asIs?: { readonly because: string; readonly documentHash: string } | undefined
}

export interface Parameter {
  readonly description: string
  /** A regular expression the whole value must match. */
  readonly pattern: string
  readonly example: string
}

/** An Allow statement with `${parameter}` places in its resources and condition values. */
export interface StatementTemplate extends Reach {
  readonly conditions?: Conditions | undefined
}

/** Fences an entitlement may ask for; every one of them must be met by every call. See `fence-conditions.ts`. */
export interface Fences {
  /** The session was begun with a second factor. */
  readonly mfa?: true | undefined
  /** The call comes from one of these addresses: `203.0.113.0/24`. */
  readonly sourceIps?: readonly string[] | undefined
  /** The call goes to one of these regions. */
  readonly regions?: readonly string[] | undefined
  /** The IAM user carries all of these tags. */
  readonly principalTags?: Readonly<Record<string, string>> | undefined
}

export type Conditions = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>

export interface Rule {
  readonly name: string
  readonly effect: 'allow' | 'deny'
  readonly members: readonly MemberRef[]
  /** A limit for those this rule lets in; without one the entitlement's maximum holds. */
  readonly maximumSeconds?: number | undefined
}

export interface Stage {
  readonly name: string
  readonly approvers: readonly MemberRef[]
  readonly quorum: number
  /** Who is asked too when the stage stays unanswered, or a mail to its people bounces. */
  readonly escalateTo?: readonly MemberRef[] | undefined
}

const GROUP = 'group:'
const PATH = 'path:'

/** The people behind references, groups opened however deep they nest, in the order first met and each once. */
export function peopleOf(access: AccessFile, refs: readonly MemberRef[]): readonly Person[] {
  const ids = new Set<string>()
  const opened = new Set<string>()
  const open = (ref: MemberRef): void => {
    if (ref.startsWith(PATH)) {
      for (const person of peopleAt(access, ref.slice(PATH.length))) ids.add(person.id)
      return
    }
    if (!ref.startsWith(GROUP)) {
      ids.add(ref)
      return
    }
    if (opened.has(ref)) return
    opened.add(ref)
    for (const member of own(access.groups, ref.slice(GROUP.length)) ?? []) open(member)
  }
  for (const ref of refs) open(ref)
  return [...ids].flatMap(id => own(access.people, id) ?? [])
}

/** The people with an IAM user or role on the path or below it: `user/contractors` holds `user/contractors/berlin/victor`, not `user/contractors2/eve`. */
export function peopleAt(access: Pick<AccessFile, 'people'>, path: string): readonly Person[] {
  const isBelow = (principal: string): boolean => principal.startsWith(`${path}/`)
  return Object.values(access.people).filter(
    ({ principals, sessions = [] }) => principals.some(isBelow) || sessions.some(({ role }) => isBelow(role)),
  )
}

/** Whether the person is named by one of the references, directly or through a group. */
export function isMember(access: AccessFile, personId: string, refs: readonly MemberRef[]): boolean {
  return peopleOf(access, refs).some(person => person.id === personId)
}

/** Whose IAM principal this is. `arn` is that of an IAM user, `arn:aws:iam::111122223333:user/people/alice`. */
export function personOfPrincipal(access: AccessFile, arn: string): Person | undefined {
  const path = arn.split(':').slice(5).join(':')
  return Object.values(access.people).find(person => person.principals.includes(path))
}

/** The AWS-managed policies that are attached as they are, without a fence, each once. */
export function asIsPolicies({ entitlements }: AccessFile): readonly string[] {
  const policies = Object.values(entitlements).flatMap(({ managedPolicy }) =>
    managedPolicy?.asIs ? [managedPolicy.arn] : [],
  )
  return [...new Set(policies)].sort()
}

/** The member of that name, never one that every object inherits (`constructor`). */
export function own<Value>(record: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined
}
