/** The CloudWatch namespace of everything Lapse counts. */
export const METRIC_NAMESPACE = 'Lapse'

/**
 * What Lapse counts, without dimensions: one house, one number. Names that end in `Seconds` and `Percent` say their unit; the others
 * are counts. Alarms and the dashboard can name these and no others.
 */
export type MetricName =
  | 'SweepHeartbeat'
  | 'SweepClosed'
  | 'SweepForeign'
  | 'SweepFailures'
  | 'GrantsLive'
  /** Policies that are there 15 minutes after their end. */
  | 'GrantsOverdue'
  /** How long the end of the policy that ended first is past; 0 when none is. */
  | 'LongestOverdueSeconds'
  /** A run of the sealing after which every day that is over has its digest. */
  | 'SealHeartbeat'
  /** Lines of the table that the weekly comparing found neither in the archive nor staged for it. */
  | 'ArchiveLacked'
  | 'MailDelivered'
  | 'MailBounced'
  | 'MailComplained'
  | 'MailRejected'
  | 'MailDelayed'
  /** What became of a mail that is none of a request's. */
  | 'MailUntracked'
  /** A mail that SES did not take. */
  | 'MailUnsent'
  /** A new row of the ledger that is no event. */
  | 'EventsUnreadable'
  | 'RequestsAsked'
  | 'RequestsFailed'
  /** From the ask to the decision of people. */
  | 'DecisionSeconds'
  /** Grants that ended because somebody else changed something in IAM. */
  | 'GrantsEndedOutside'
  /** Requests whose events no longer prove each other, and rows of the ledger that something other than Lapse rewrote. */
  | 'ChainsBroken'
  /** Of the customer managed policies the account may have. */
  | 'PoliciesUsedPercent'
  | 'DebtsOverdue'
  /** 1 while access is frozen, otherwise 0. */
  | 'AccessFrozen'
  /** Changes of IAM by others, seen through CloudTrail. */
  | 'OutsideChanges'
  | 'FindingsOpened'
  /** Looks of a rule of findings that came to nothing, because the rule broke or what it compares with cannot be read. */
  | 'RulesFailed'
  | 'BooksClosed'
  | 'BooksFailed'
  /** Actions of a grant done outside its window. */
  | 'ViolationsFound'
