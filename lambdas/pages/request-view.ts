import type { Entitlement, Person } from '../domain/access-file.ts'
import type { Statement } from '../domain/parameters.ts'
import type { Grant, Request } from '../domain/request.ts'

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
    | 'askedAt'
    | 'answerBy'
  >
  readonly requester: Pick<Person, 'name' | 'email'>
  readonly entitlement: Pick<Entitlement, 'title' | 'description' | 'risk'>
  /** Filled, not yet fenced. */
  readonly statements: readonly Statement[]
}

/** What an approver is shown beyond the request itself. */
export interface ApproverView extends RequestView {
  readonly stage?: StageView | undefined
  readonly history?: RequesterHistory | undefined
  /** Whether it was asked outside the organisation's working hours; without a say there is no line about it. */
  readonly offHours?: boolean | undefined
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
}

/** What the requester asked for before, over all entitlements and without this request. */
export interface RequesterHistory {
  readonly askedLast90Days: number
  readonly grantedLast90Days: number
  readonly lastAskedAt?: Date | undefined
}

/** The window of a grant. */
export type Window = Pick<Grant, 'notBefore' | 'notAfter'>

/** A person's approval, for those who read of it. */
export interface Approval {
  readonly approver: string
  readonly at: Date
  readonly comment?: string | undefined
}
