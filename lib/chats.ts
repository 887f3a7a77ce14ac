import { Stack } from 'aws-cdk-lib'
import { type EventBus, EventField, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events'
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { Construct } from 'constructs'
import { BUS_SOURCE, CHAT_EVENTS } from '../lambdas/contract/bus-event.ts'
import type { Webhook } from '../lambdas/domain/approval-rules.ts'
import type { Env as TellChatsEnv } from '../lambdas/handlers/tell-chats/env.ts'
import type { CheckedAccess } from './checked-access.ts'
import type { FailureQueue } from './failures.ts'
import { LapseFunction } from './lapse-function.ts'
import { permission } from './need.ts'

export interface ChatsProps {
  readonly checked: CheckedAccess
  readonly bus: EventBus
  readonly webhooks: readonly Webhook[]
  readonly failures: FailureQueue
}

/** Tells chats. Each has a rule of its own, so that one that is out of order is tried again without the others hearing twice. */
export class Chats extends Construct {
  constructor(scope: Construct, id: string, { checked, bus, webhooks, failures }: ChatsProps) {
    super(scope, id)
    const tell = new LapseFunction<TellChatsEnv>(this, 'TellChats', {
      checked,
      folder: 'tell-chats',
      does: 'tells chats what happened',
      needs: permission(this.#readingUrls(webhooks)),
      failures,
    })
    for (const { name } of webhooks) {
      new Rule(this, `To-${name}`, {
        eventBus: bus,
        description: `What the chat ${name} is told of`,
        eventPattern: { source: [BUS_SOURCE], detail: { type: [...CHAT_EVENTS] } },
        targets: [
          new LambdaFunction(tell.function, {
            event: RuleTargetInput.fromObject({ webhook: name, event: EventField.fromPath('$.detail') }),
            deadLetterQueue: failures.queue,
          }),
        ],
      })
    }
  }

  /** Secrets Manager adds a hyphen and six characters to the name of a secret in its ARN. */
  #readingUrls(webhooks: readonly Webhook[]): PolicyStatement {
    const resources = webhooks.map(({ secretName }) =>
      Stack.of(this).formatArn({
        service: 'secretsmanager',
        resource: `secret:${secretName}-??????`,
      }),
    )
    return new PolicyStatement({ sid: 'ReadItsUrls', actions: ['secretsmanager:GetSecretValue'], resources })
  }
}
