import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { access } from '#access'
import { WebhookChat } from '../../adapters/webhook-chat.ts'
import { createLogger } from '../../runtime/logger.ts'
import { stepHandler } from '../../runtime/step.ts'
import { createHandler } from './handler.ts'

const chat = new WebhookChat(new SecretsManagerClient({}))

export const handler = stepHandler(createHandler({ access, chat }), createLogger('tell-chats'))
