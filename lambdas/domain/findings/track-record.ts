import type { RefusalCode } from '../evaluate.ts'
import type { FindingRule } from './finding.ts'

/** What is known of one subject of late: what rules compare a new event with. One row a subject, bounded. */
export interface TrackRecord {
  /** As in `Finding`. */
  readonly subject: string
  /** Of the row; 0 where there is none yet. */
  readonly version: number
  /** When the first event of theirs was noted. */
  readonly since?: Date | undefined
  /** Oldest first. */
  readonly asks: readonly KnownAsk[]
  /** Decisions on requests of others, oldest first. */
  readonly decisions: readonly KnownDecision[]
  /** When they last denied one, however many decisions were kept since. */
  readonly deniedAt?: Date | undefined
  /** When each entitlement was last had; kept longer than asks. */
  readonly had: Readonly<Record<string, Date>>
  /** When they were active off hours, once a night; the last few of 91 days, oldest first. */
  readonly offHours?: readonly Date[] | undefined
  readonly open: readonly OpenFinding[]
  /** When a finding of each rule was last closed: what it counted was looked into. */
  readonly closedAt?: Readonly<Record<string, Date>> | undefined
}

export interface OpenFinding {
  readonly id: string
  readonly rule: FindingRule
  readonly holds: boolean
}

/** One request of the subject, as far as its events were seen. */
export interface KnownAsk {
  readonly requestId: string
  /** The last event that was noted; one that comes again is known by it. */
  readonly sequence: number
  readonly at: Date
  readonly entitlement: string
  readonly outcome: 'asked' | 'refused' | 'denied' | 'granted' | 'ended' | 'other'
  /** Of a refusal. */
  readonly code?: RefusalCode | undefined
  /** Asked for, or granted once it was granted. */
  readonly seconds: number
  /** The request it prolongs. */
  readonly extends?: string | undefined
  /** Address the ask came from. */
  readonly from?: string | undefined
  /** When the grant came into force. */
  readonly startedAt?: Date | undefined
  /** Person ids of those who approved it where others were asked too and would have done. */
  readonly approvedBy?: readonly string[] | undefined
  /** Once its books are closed, and only where what was done can be seen at all. */
  readonly isUnused?: boolean | undefined
}

/** One decision of the subject, as an approver. */
export interface KnownDecision {
  readonly requestId: string
  readonly sequence: number
  readonly at: Date
  readonly requester: string
  readonly entitlement: string
  readonly decision: 'approve' | 'deny'
  /** From the mail that asked them to the answer. */
  readonly afterSeconds: number
  /** Address the answer came from. */
  readonly from?: string | undefined
}
