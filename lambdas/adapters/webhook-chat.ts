import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import type { Chat } from '../application/ports/chat.ts'
import type { Webhook } from '../domain/approval-rules.ts'
import { mayBeTold } from '../domain/webhook-url.ts'

/** A chat that takes no longer than this is waited for. */
const TIMEOUT_MILLISECONDS = 8000

/** Posts to incoming webhooks. The URL is a credential: it is read when it is needed, and stands in no error and no log. */
export class WebhookChat implements Chat {
  readonly #secrets: SecretsManagerClient
  readonly #fetch: typeof fetch

  constructor(secrets: SecretsManagerClient, fetchIt: typeof fetch = fetch) {
    this.#secrets = secrets
    this.#fetch = fetchIt
  }

  async post(webhook: Webhook, message: object): Promise<void> {
    const url = await this.#urlOf(webhook)
    const response = await this.#answerOf(webhook, url, message)
    // What it answers is of no use, and unread it would hold the connection.
    await response.body?.cancel()
    if (!response.ok) throw new ChatRefusedError(webhook.name, `it answered ${response.status}`)
  }

  async #urlOf(webhook: Webhook): Promise<URL> {
    const { SecretString = '' } = await this.#secrets.send(new GetSecretValueCommand({ SecretId: webhook.secretName }))
    const url = URL.parse(SecretString.trim())
    if (url && mayBeTold(webhook, url)) return url
    throw new ChatRefusedError(webhook.name, `the secret ${webhook.secretName} holds no URL it may have`)
  }

  /** A redirect would lead to a host nobody named. */
  async #answerOf({ name }: Webhook, url: URL, message: object): Promise<Response> {
    try {
      return await this.#fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(message),
        redirect: 'error',
        signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
      })
    } catch (error) {
      throw new ChatRefusedError(name, error instanceof Error ? error.name : 'it could not be reached')
    }
  }
}

/** A chat was not told. Without a cause: that could hold the URL. */
export class ChatRefusedError extends Error {
  override readonly name = 'ChatRefusedError'

  constructor(webhook: string, why: string) {
    super(`the chat ${webhook} was not told: ${why}`)
  }
}
