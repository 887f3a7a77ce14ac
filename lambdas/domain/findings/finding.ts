/** What can be found, one file each beside this one. The order is that of the documentation. */
export const FINDING_RULES = [
  'request-spike',
  'first-time',
  'off-hours',
  'repeated-denial',
  'ineligible-probing',
  'unused-grant',
  'serial-extension',
  'long-lived',
  'quick-decisions',
  'always-approves',
  'bulk-decisions',
  'same-pair',
  'one-place',
  'outside-window',
  'drift',
  'outside-change',
] as const
export type FindingRule = (typeof FINDING_RULES)[number]

/** One time that a rule found something: what it saw, in a sentence, and where. */
export interface Occurrence {
  readonly at: Date
  /** A sentence for people, with the figures that were compared: `asked 9 times on 3 March; 2 a day is usual`. */
  readonly detail: string
  /** The event that showed it, where one did. */
  readonly requestId?: string | undefined
  readonly sequence?: number | undefined
}

/**
 * Something a person should look at. There is at most one open finding of a rule about a subject: what is found again is added to it,
 * so that nobody closes forty of the same. It is open until a named person closes it, and is never deleted.
 */
export interface Finding {
  /** A ULID. */
  readonly id: string
  readonly rule: FindingRule
  /** A person id; the ARN of an IAM principal or policy where it is nobody's. */
  readonly subject: string
  /** Whom else it points at, named as subjects are: who asked for what an approver let pass, who changed IAM. None of them closes it. */
  readonly alsoAbout?: readonly string[] | undefined
  readonly openedAt: Date
  /** How often it was found; `latest` keeps the first time and the last few, oldest first. */
  readonly count: number
  readonly latest: readonly Occurrence[]
  /** While it is open, its subject is refused further grants, emergencies apart. */
  readonly holds: boolean
  readonly closed?: { readonly by: string; readonly at: Date; readonly comment: string } | undefined
}

/** Occurrences a finding keeps. */
export const LATEST_KEPT = 20
