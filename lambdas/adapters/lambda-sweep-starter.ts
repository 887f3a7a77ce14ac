import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda'
import type { SweepStarter } from '../application/ports/sweep-starter.ts'

/** Invokes the sweep without waiting; Lambda keeps the order until the function has room. */
export class LambdaSweepStarter implements SweepStarter {
  readonly #client: LambdaClient
  readonly #functionName: string

  constructor(client: LambdaClient, functionName: string) {
    this.#client = client
    this.#functionName = functionName
  }

  async start(): Promise<void> {
    await this.#client.send(new InvokeCommand({ FunctionName: this.#functionName, InvocationType: 'Event' }))
  }
}
