import type { Webhook } from '../../domain/approval-rules.ts'

/** Takes a message in the form the chat wants. Throws when the chat did not take it. */
export interface Chat {
  post(webhook: Webhook, message: object): Promise<void>
}
