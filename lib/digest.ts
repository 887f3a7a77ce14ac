import { Duration, TimeZone } from 'aws-cdk-lib'
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler'
import { Construct } from 'constructs'
import { BY_MONTH, BY_OPEN } from '../lambdas/contract/keys.ts'
import type { Env as SendDigestEnv } from '../lambdas/handlers/send-digest/env.ts'
import type { CheckedAccess } from './checked-access.ts'
import type { FailureQueue } from './failures.ts'
import { LapseFunction } from './lapse-function.ts'
import type { LedgerTable } from './ledger-table.ts'
import type { Mail } from './mail.ts'
import { needs } from './need.ts'
import { Scheduled } from './scheduled.ts'

export interface AdminDigestProps {
  readonly checked: CheckedAccess
  readonly ledger: LedgerTable
  readonly mail: Mail
  readonly failures: FailureQueue
}

/** A mail a day to administrators, at eight in the zone of the organisation, instead of one at each elevation. */
export class AdminDigest extends Construct {
  constructor(scope: Construct, id: string, { checked, ledger, mail, failures }: AdminDigestProps) {
    super(scope, id)
    const send = new LapseFunction<SendDigestEnv>(this, 'SendDigest', {
      checked,
      folder: 'send-digest',
      does: 'mails administrators once a day who was elevated and what is to be looked at',
      needs: needs(
        ledger.toUse({ reads: ['requests', 'findings'], writes: ['digest'], finds: [BY_MONTH, BY_OPEN] }),
        mail.toSend(),
      ),
      failures,
      timeout: Duration.minutes(5),
    })
    new Scheduled(this, 'EachMorning', {
      description: 'Who was elevated since yesterday, and what is to be looked at',
      schedule: ScheduleExpression.cron({ minute: '0', hour: '8', timeZone: TimeZone.of(checked.access.timezone) }),
      starts: send.function,
    })
  }
}
