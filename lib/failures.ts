import { Duration } from 'aws-cdk-lib'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import { type Need, permission } from './need.ts'

/**
 * What a function failed at that nobody waits for: the event, with the error, after Lambda has tried it three times. It is the end of
 * the chain; a person reads it. SQS keeps no message longer than 14 days.
 */
export class FailureQueue extends Construct {
  readonly queue: Queue

  constructor(scope: Construct, id: string) {
    super(scope, id)
    this.queue = new Queue(this, 'Queue', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    })
  }

  /** To leave here what failed. */
  toReport(): Need<never> {
    const resources = [this.queue.queueArn]
    return permission(new PolicyStatement({ sid: 'ReportItsFailures', actions: ['sqs:SendMessage'], resources }))
  }
}
