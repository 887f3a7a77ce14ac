import type { Actor } from './actor.ts'
import type { AsIs } from './lease.ts'
import type { Parameters, Statement } from './parameters.ts'
import type { SessionName } from './trust-policy.ts'

export const STATUSES = [
  'PENDING',
  'APPROVED',
  'ACTIVE',
  'ENDED',
  'REFUSED',
  'DENIED',
  'UNANSWERED',
  'CANCELLED',
  'FAILED',
] as const

/** `PENDING → APPROVED → ACTIVE → ENDED`; every other one is an end without access. */
export type Status = (typeof STATUSES)[number]

export const END_CAUSES = ['expired', 'returned', 'revoked', 'frozen', 'external'] as const
export type EndCause = (typeof END_CAUSES)[number]

/** The IAM user, or the session of an IAM role, behind the signature of the request. */
export interface Principal {
  /** Of the user or the role, with its path. */
  readonly arn: string
  /** `AIDA…` or `AROA…`, from the signed call itself. */
  readonly uniqueId: string
  /** Of a role: the one session of it that is the requester. */
  readonly session?: SessionName | undefined
}

/** A person's ask for an entitlement, and all that became of it. */
export interface Request {
  /** A ULID; also the name of the execution and of the grant's policy. */
  readonly id: string
  readonly status: Status
  /** Person id. */
  readonly requester: string
  readonly principal: Principal
  readonly entitlement: string
  readonly parameters: Parameters
  readonly durationSeconds: number
  readonly reason: string
  readonly ticket?: string | undefined
  /** The earliest start the requester asked for; without one the grant starts when it is approved. */
  readonly earliestStart?: Date | undefined
  readonly askedAt: Date
  /** Address the ask came from; of IPv6 its network. Where it is not known, as of older requests, there is none. */
  readonly from?: string | undefined
  /** Name of the rule that let the request in, or that refused it. */
  readonly rule: string
  /** The AWS-managed policy that is attached as it is, without a fence, instead of one of Lapse's own. */
  readonly asIs?: AsIs | undefined
  /** Hash of the access file the request was judged by. */
  readonly accessHash: string
  /** Approvers, frozen when asked: they are checked again when they decide. */
  readonly stages: readonly AskedStage[]
  /** When an unanswered request is given up. */
  readonly answerBy: Date
  readonly decisions: readonly Decision[]
  /** Name of the rule by which nobody needs to be asked, checked again when the grant is fixed. */
  readonly automatic?: string | undefined
  /** Asked for as an emergency. */
  readonly isBreakGlass?: boolean | undefined
  /** The request whose grant this one prolongs. */
  readonly extends?: string | undefined
  /** The review an emergency owes, and what came of it. */
  readonly debt?: Debt | undefined
  /** The intent, durable before the first IAM call. Present from APPROVED on. */
  readonly grant?: Grant | undefined
  /** The end before its time that somebody ordered, written before anything is removed; whoever finishes it keeps its cause. */
  readonly endOrder?: { readonly cause: EndCause; readonly by: Actor } | undefined
  readonly ending?: Ending | undefined
  /** Set when what was done with the grant is settled; the hash is that of the kept activity. */
  readonly books?: { readonly closedAt: Date; readonly hash: string } | undefined
  /** Head of the request's chain of events. */
  readonly lastEvent: { readonly sequence: number; readonly hash: string }
}

export interface AskedStage {
  readonly name: string
  /** Person ids. */
  readonly approvers: readonly string[]
  readonly quorum: number
  /** Person ids who are asked too when the stage escalates. Once it has, they stand among the approvers. */
  readonly escalateTo?: readonly string[] | undefined
  readonly escalatedAt?: Date | undefined
}

/** What somebody who used break-glass owes: a review by another person. */
export interface Debt {
  readonly dueBy: Date
  /** Person ids; the requester is never among them. */
  readonly reviewers: readonly string[]
  readonly closed?:
    | { readonly by: string; readonly at: Date; readonly verdict: DebtVerdict; readonly comment: string }
    | undefined
}

export const DEBT_VERDICTS = ['justified', 'not-justified'] as const
export type DebtVerdict = (typeof DEBT_VERDICTS)[number]

/** Of an approver, in UTF-16 code units. */
export const LONGEST_COMMENT = 1000

export interface Decision {
  readonly decision: 'approve' | 'deny'
  /** Person id. */
  readonly approver: string
  readonly at: Date
  readonly comment?: string | undefined
  /** Hash of what the approver was shown. */
  readonly seen: string
  /** The duration the approver allows, shorter than what was asked for; without one all of it. */
  readonly durationSeconds?: number | undefined
  /** `signed`: by a call with the approver's own AWS credentials. Without it, by a link. */
  readonly via?: 'signed' | undefined
  /** Address the answer came from; of IPv6 its network. */
  readonly from?: string | undefined
}

/** The policy of one approved request, its own and fenced or AWS's as it is. All fixed once, when the last approval is recorded. */
export interface Grant {
  readonly notBefore: Date
  readonly notAfter: Date
  readonly policyArn: string
  readonly documentHash: string
  /**
   * What the document allows, without the fence; its hash proves them. Whatever becomes of the access file, they say what was granted.
   * None of a policy attached as it is, whose document may be larger than a row, and none of older grants.
   */
  readonly statements?: readonly Statement[] | undefined
}

export interface Ending {
  readonly cause?: EndCause | undefined
  readonly receipt: Receipt
}

/** Proof of removal, read back from IAM. */
export interface Receipt {
  readonly policyArn: string
  /** When IAM was read back. */
  readonly verifiedAt: Date
  readonly policy: PolicyAfter
  /** How many attachments this removal took away; 0 when something else had done it. */
  readonly detached: number
}

/**
 * What IAM showed after the removal. `NoSuchEntity`: its answer to GetPolicy. Of a policy attached as it is: `NotAttached`, the user
 * does not have it; `HeldByOthers`, the user has it by another grant, or by somebody else's hand.
 */
export const POLICIES_AFTER = ['NoSuchEntity', 'NotAttached', 'HeldByOthers'] as const
export type PolicyAfter = (typeof POLICIES_AFTER)[number]

const OPEN: ReadonlySet<Status> = new Set(['PENDING', 'APPROVED', 'ACTIVE'])

/** Those of a request that can no longer change. */
export const CLOSED_STATUSES: readonly Status[] = STATUSES.filter(status => !OPEN.has(status))

/** Whether the request can still change. */
export function isOpen(request: Request): boolean {
  return OPEN.has(request.status)
}
