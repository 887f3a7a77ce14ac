import { Stack } from 'aws-cdk-lib'
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Key } from 'aws-cdk-lib/aws-kms'
import { Topic } from 'aws-cdk-lib/aws-sns'
import { Construct } from 'constructs'

/** `page`: access may be open that should be closed, wake somebody. `ticket`: look at it on the next working day. */
export const SEVERITIES = ['page', 'ticket'] as const
export type Severity = (typeof SEVERITIES)[number]

/**
 * One topic for each severity; whoever is on duty subscribes to them. Encrypted with a key of their own, because CloudWatch cannot
 * use AWS's own key for topics: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
 */
export class AlarmTopics extends Construct {
  readonly of: Readonly<Record<Severity, Topic>>

  constructor(scope: Construct, id: string) {
    super(scope, id)
    const masterKey = new Key(this, 'Key', { description: 'Lapse: alarms', enableKeyRotation: true })
    masterKey.addToResourcePolicy(
      new PolicyStatement({
        sid: 'LetAlarmsPublish',
        principals: [CLOUDWATCH],
        actions: ['kms:GenerateDataKey', 'kms:Decrypt'],
        resources: ['*'],
        conditions: this.#ofThisAccount(),
      }),
    )
    this.of = { page: this.#topic('Page', masterKey), ticket: this.#topic('Ticket', masterKey) }
  }

  #topic(name: string, masterKey: Key): Topic {
    const topic = new Topic(this, name, { displayName: `Lapse: ${name}`, masterKey, enforceSSL: true })
    topic.addToResourcePolicy(
      new PolicyStatement({
        sid: 'LetAlarmsPublish',
        principals: [CLOUDWATCH],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: this.#ofThisAccount(),
      }),
    )
    return topic
  }

  #ofThisAccount() {
    return { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } }
  }
}

const CLOUDWATCH = new ServicePrincipal('cloudwatch.amazonaws.com')
