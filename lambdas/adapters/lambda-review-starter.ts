import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda'
import type { ReviewStarter } from '../application/ports/review-store.ts'
import type { Edition } from '../domain/review/manifest.ts'

/** Invokes produce-review without waiting: a quarter may take minutes, API Gateway waits 29 seconds. */
export class LambdaReviewStarter implements ReviewStarter {
  readonly #client: LambdaClient
  readonly #functionName: string

  constructor(client: LambdaClient, functionName: string) {
    this.#client = client
    this.#functionName = functionName
  }

  async start({ period, version }: Edition): Promise<void> {
    const Payload = JSON.stringify({ period, version })
    await this.#client.send(new InvokeCommand({ FunctionName: this.#functionName, InvocationType: 'Event', Payload }))
  }
}
