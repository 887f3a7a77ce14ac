import type { MemberRef } from './member-ref.ts'

/** When approvers are reminded, others asked too, and an unanswered request given up. Reminder and escalation count from when the stage was asked, the last from the ask. */
export interface Ladder {
  readonly remindAfterSeconds: number
  readonly escalateAfterSeconds?: number | undefined
  readonly unansweredAfterSeconds: number
  /** Whether only time within the organisation's hours counts. */
  readonly isWithinHours?: boolean | undefined
}

/** An ask that is approved without people, if it is small enough; a larger one goes to the stages. */
export interface AutomaticRule {
  readonly name: string
  readonly members: readonly MemberRef[]
  readonly maximumSeconds: number
  /** Automatic approvals of this entitlement for one person in seven days. */
  readonly mostPerWeek: number
  /** Whether it holds only within the organisation's hours. */
  readonly isWithinHours: boolean
}

/** Immediate access in an emergency: told to everybody, and owed a review by somebody else. */
export interface BreakGlass {
  readonly members: readonly MemberRef[]
  readonly maximumSeconds: number
  /** Who may close the review debt; the one who used it never counts. */
  readonly reviewers: readonly MemberRef[]
  readonly reviewWithinSeconds: number
}

/** What one person may have of one entitlement. A request over a cap is refused with the numbers. */
export interface Caps {
  /** Requests that are pending, approved or active. */
  readonly mostOpen?: number | undefined
  /** Grants asked for in seven days. */
  readonly mostPerWeek?: number | undefined
  /** Their time together, in seconds, in seven days. */
  readonly mostSecondsPerWeek?: number | undefined
}

/** While somebody is away, who is asked in their place. */
export interface Delegation {
  /** Person ids. */
  readonly of: string
  readonly to: string
  /** UTC instants with `Z`: the first second of it, and the first after it. */
  readonly from: string
  readonly until: string
  readonly because: string
}

/** Who else is told, beyond the people of a request. */
export interface Notify {
  /** Whether administrators are mailed at each elevation or once a day. Break-glass and failures are always told at once. */
  readonly admins: 'each' | 'daily'
  readonly webhooks: readonly Webhook[]
}

/** An incoming webhook of a chat. Its URL is a secret and lies in Secrets Manager under this name. */
export interface Webhook {
  readonly name: string
  readonly kind: 'slack' | 'teams'
  readonly secretName: string
  /** The one host the URL may have; without it, those of the service. */
  readonly host?: string | undefined
}
