import { Stats } from 'aws-cdk-lib/aws-cloudwatch'
import type { AlarmEntry } from './alarm.ts'
import { counted, sumOf } from './metrics.ts'
import { silenceOf } from './silence.ts'

/** Requests that went wrong, and what about them people have to see to. */
export function requestAlarms(): readonly AlarmEntry[] {
  return [
    {
      name: 'failed-grant',
      metric: counted('RequestsFailed'),
      threshold: 1,
      impact: 'An approved request did not come into force, or a request broke down: somebody waits for access.',
      severity: 'ticket',
      runbook: 'failed-grant',
    },
    {
      name: 'broken-chain',
      metric: sumOf([counted('ChainsBroken'), counted('EventsUnreadable')], 'Broken chains'),
      threshold: 1,
      impact:
        'The events of a request no longer prove each other: the ledger was changed by something other than Lapse.',
      severity: 'page',
      runbook: 'broken-chain',
    },
    {
      name: 'debts-overdue',
      metric: counted('DebtsOverdue', Stats.MAXIMUM),
      threshold: 1,
      impact: 'An emergency has not been reviewed in the time the access file gives for it.',
      severity: 'ticket',
      runbook: 'debts-overdue',
    },
    {
      name: 'freeze-in-force',
      metric: counted('AccessFrozen', Stats.MAXIMUM),
      threshold: 1,
      impact: 'Access is frozen: every request is refused and no grant is live, until an administrator lifts it.',
      severity: 'ticket',
      runbook: 'freeze-in-force',
    },
    {
      name: 'policy-quota',
      metric: counted('PoliciesUsedPercent', Stats.MAXIMUM),
      threshold: 80,
      impact: 'The account has used 80 % of its customer managed policies; at 100 % every request is refused.',
      severity: 'ticket',
      runbook: 'policy-quota',
    },
    {
      name: 'findings-opened',
      metric: sumOf([counted('FindingsOpened'), counted('RulesFailed')], 'Findings opened, and rules that broke'),
      threshold: 1,
      impact: 'Somebody asks or approves in a way that is not like them, or that needs a second look.',
      severity: 'ticket',
      runbook: 'findings-opened',
    },
    {
      name: 'violations-found',
      metric: counted('ViolationsFound'),
      threshold: 1,
      impact: 'CloudTrail shows that a grant was used outside its time, or by somebody else: the fence did not hold.',
      severity: 'page',
      runbook: 'violations-found',
    },
    {
      name: 'books-failed',
      metric: counted('BooksFailed', Stats.MAXIMUM),
      threshold: 1,
      periods: 2,
      impact: 'What people did with their grants could not be read from CloudTrail, so nobody knows yet.',
      severity: 'ticket',
      runbook: 'books-failed',
    },
    {
      name: 'books-silent',
      ...silenceOf('BooksClosed'),
      impact: 'Nobody has read CloudTrail for 15 minutes: what is done outside the time of a grant is not found.',
      severity: 'ticket',
      runbook: 'books-silent',
    },
    {
      name: 'measures-silent',
      ...silenceOf('AccessFrozen'),
      impact: 'Nothing was measured for 15 minutes: a full account, an overdue review or a freeze would not be told.',
      severity: 'ticket',
      runbook: 'measures-silent',
    },
  ]
}
