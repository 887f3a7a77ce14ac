import { unmarshall } from '@aws-sdk/util-dynamodb'
import { z } from 'zod'
import type { ProxiedCall } from './proxied-call.ts'

const $transaction = z.object({
  TransactItems: z.array(z.object({ Put: z.object({ Item: z.record(z.string(), z.unknown()) }).optional() })),
})
const $event = z.object({
  kind: z.literal('event'),
  requestId: z.string(),
  sequence: z.number(),
  details: z.object({ receipt: z.unknown().optional() }),
})

/**
 * Sees what IAM and DynamoDB were made to do, in their order, and what IAM answered, as no function can.
 *
 * Invariant: a receipt is written only after IAM answered that the policy is gone, to a question asked since the step before it.
 */
export class FaultWitness {
  /** Requests whose policy was made. */
  readonly created = new Set<string>()
  readonly unproven: string[] = []
  readonly #there = new Set<string>()
  /** When IAM was last asked whether it is there and answered that it is not. */
  readonly #gone = new Map<string, number>()
  readonly #events = new Set<string>()
  readonly #lastStep = new Map<string, number>()

  applied(call: ProxiedCall): void {
    const { service, action, body } = call
    if (service === 'dynamodb' && action === 'TransactWriteItems') this.#written(call)
    if (service !== 'iam') return
    const asked = new URLSearchParams(body)
    const name = asked.get('PolicyName')
    if (action === 'CreatePolicy' && name !== null) {
      this.created.add(name)
      this.#there.add(name)
    }
    if (action === 'DeletePolicy') this.#there.delete(nameIn(asked))
  }

  answered({ service, action, body, order }: ProxiedCall, status: number): void {
    if (service !== 'iam' || action !== 'GetPolicy' || status !== 404) return
    this.#gone.set(nameIn(new URLSearchParams(body)), order)
  }

  #written({ body, order }: ProxiedCall): void {
    for (const { Put } of $transaction.parse(JSON.parse(body)).TransactItems) {
      const event = $event.safeParse(Put && unmarshalled(Put.Item)).data
      if (event) this.#stepped(event, order)
    }
  }

  /** A transaction that is sent again after it was written is the same step. */
  #stepped({ requestId, sequence, details }: z.infer<typeof $event>, order: number): void {
    const key = `${requestId} ${sequence}`
    if (this.#events.has(key)) return
    this.#events.add(key)
    const before = this.#lastStep.get(requestId) ?? 0
    if (details.receipt !== undefined && (this.#gone.get(requestId) ?? 0) < before) {
      const where = this.#there.has(requestId) ? 'is there' : 'is gone'
      this.unproven.push(
        `unproven ${requestId}: IAM had not said since the step before that the policy is gone; it ${where}`,
      )
    }
    this.#lastStep.set(requestId, order)
  }
}

function nameIn(asked: URLSearchParams): string {
  const arn = asked.get('PolicyArn') ?? ''
  return arn.slice(arn.lastIndexOf('/') + 1)
}

function unmarshalled(item: Readonly<Record<string, unknown>>): unknown {
  return unmarshall(JSON.parse(JSON.stringify(item)))
}
