import { Stack } from 'aws-cdk-lib'
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Key } from 'aws-cdk-lib/aws-kms'
import { ConfigurationSet, EmailSendingEvent, EventDestination } from 'aws-cdk-lib/aws-ses'
import { Topic } from 'aws-cdk-lib/aws-sns'
import { Construct } from 'constructs'
import type { Need } from './need.ts'

/** What SES says of a mail after it has taken it. Opening and clicking are not among them: nobody is watched while they read. */
const FATES = [
  EmailSendingEvent.DELIVERY,
  EmailSendingEvent.DELIVERY_DELAY,
  EmailSendingEvent.BOUNCE,
  EmailSendingEvent.COMPLAINT,
  EmailSendingEvent.REJECT,
]

/**
 * Mail goes out through SES under one configuration set, from the one address of the access file. That identity must be verified.
 * What becomes of each mail is published to a topic.
 */
export class Mail extends Construct {
  /** Its messages hold addresses and subjects, so they are encrypted; SES cannot use AWS's own key for topics. */
  readonly fates: Topic
  readonly #from: string
  readonly #configurationSet: ConfigurationSet

  constructor(scope: Construct, id: string, from: string) {
    super(scope, id)
    this.#from = from
    // Bounces and complaints of one approver must not silence the others: SES suppresses the address for the account.
    this.#configurationSet = new ConfigurationSet(this, 'Set', { reputationMetrics: true })
    const masterKey = new Key(this, 'Key', { description: 'Lapse: what becomes of mails', enableKeyRotation: true })
    masterKey.addToResourcePolicy(
      new PolicyStatement({
        sid: 'LetSesPublish',
        principals: [new ServicePrincipal('ses.amazonaws.com')],
        actions: ['kms:GenerateDataKey', 'kms:Decrypt'],
        resources: ['*'],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    )
    this.fates = new Topic(this, 'Fates', { displayName: 'Lapse: what becomes of mails', masterKey, enforceSSL: true })
    this.#configurationSet.addEventDestination('ToTheTopic', {
      destination: EventDestination.snsTopic(this.fates),
      events: FATES,
    })
  }

  toSend(): Need<'MAIL_FROM' | 'MAIL_CONFIGURATION_SET'> {
    const set = this.#configurationSet.configurationSetName
    const stack = Stack.of(this)
    const send = new PolicyStatement({
      sid: 'SendMailAsLapse',
      actions: ['ses:SendEmail'],
      resources: [
        stack.formatArn({ service: 'ses', resource: 'identity', resourceName: '*' }),
        stack.formatArn({ service: 'ses', resource: 'configuration-set', resourceName: set }),
      ],
      conditions: { StringEquals: { 'ses:FromAddress': this.#from } },
    })
    return { environment: { MAIL_FROM: this.#from, MAIL_CONFIGURATION_SET: set }, statements: [send] }
  }
}
