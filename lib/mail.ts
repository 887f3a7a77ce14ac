import { Stack } from 'aws-cdk-lib'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { ConfigurationSet } from 'aws-cdk-lib/aws-ses'
import { Construct } from 'constructs'
import type { Need } from './need.ts'

/** Mail goes out through SES under one configuration set, from the one address of the access file. That identity must be verified. */
export class Mail extends Construct {
  readonly #from: string
  readonly #configurationSet: ConfigurationSet

  constructor(scope: Construct, id: string, from: string) {
    super(scope, id)
    this.#from = from
    // Bounces and complaints of one approver must not silence the others: SES suppresses the address for the account.
    this.#configurationSet = new ConfigurationSet(this, 'Set', { reputationMetrics: true })
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
