import type { Entitlement, Person } from '../domain/access-file.ts'
import type { RequesterHistory } from '../domain/earlier-requests.ts'
import type { Statement } from '../domain/parameters.ts'
import type { Grant, Request } from '../domain/request.ts'
import type { SimilarRequests } from '../domain/similar-requests.ts'

/** What pages and mails say about a request. The domain's own objects fit; all of it is derived on the server. */
export interface RequestView {
  readonly organisation: string
  readonly request: Pick<
    Request,
    | 'id'
    | 'principal'
    | 'parameters'
    | 'durationSeconds'
    | 'earliestStart'
    | 'reason'
    | 'ticket'
    | 'rule'
    | 'asIs'
    | 'automatic'
    | 'askedAt'
    | 'answerBy'
  >
  readonly requester: Pick<Person, 'name' | 'email'>
  readonly entitlement: Pick<Entitlement, 'title' | 'description' | 'risk' | 'managedPolicy' | 'allows'>
  /** Filled, not yet fenced. */
  readonly statements: readonly Statement[]
  /** If an approver allowed less than what was asked for. */
  readonly shortened?: Shortened | undefined
}

/** The least an approver allowed, and the name of who that was. */
export interface Shortened {
  readonly seconds: number
  readonly by: string
}

/** What an approver is shown beyond the request itself. */
export interface ApproverView extends RequestView {
  readonly stage?: StageView | undefined
  readonly history?: RequesterHistory | undefined
  readonly similar?: SimilarRequests | undefined
  /** Whether it was asked outside the organisation's working hours; without a say there is no line about it. */
  readonly offHours?: boolean | undefined
  /** Whether some of the time it asks for lies outside of them. */
  readonly windowOffHours?: boolean | undefined
  /** Those who are away and in whose place this approver is asked. */
  readonly inPlaceOf?: readonly Away[] | undefined
}

/** Somebody who is away: until when, exclusively, and why. */
export interface Away {
  readonly name: string
  readonly until: Date
  readonly because: string
}

/** The stage the approver answers in. */
export interface StageView {
  readonly name: string
  /** 1, 2, … */
  readonly number: number
  readonly count: number
  readonly quorum: number
  /** How many may answer in this stage. */
  readonly approvers: number
  /** Whether an approval given now completes the request. */
  readonly isLastApproval: boolean
  /** Approvals so far, of this stage and those before it, in the order given. */
  readonly given: readonly (Approval & { readonly stage: string })[]
  /** How many approvals this stage still needs. */
  readonly missing: number
  /** Names of those who may still give them. */
  readonly canStillAnswer: readonly string[]
}

/** The window of a grant. */
export type Window = Pick<Grant, 'notBefore' | 'notAfter'>

/** A person's approval, for those who read of it. */
export interface Approval {
  readonly approver: string
  readonly at: Date
  readonly comment?: string | undefined
  /** How long at most the approver allowed, if that is less than what was asked for. */
  readonly durationSeconds?: number | undefined
  /** Whether it was given by a call signed with their own AWS credentials, not by a link. */
  readonly isSigned?: boolean | undefined
}
