import { Agent, createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http'
import { conditionFailed, done, type FaultAnswer, serverError, throttling } from './fault-answers.ts'
import { callOf, type ProxiedCall, tokenOf } from './proxied-call.ts'
import { SeededChance } from './seeded-chance.ts'

/** What befalls any call. `…-after`: the service has done it, and only its answer is lost. */
export const FAULTS = ['throttle', 'error', 'error-after', 'reset', 'reset-after'] as const
export type Fault = (typeof FAULTS)[number]

/**
 * What befalls some calls only, rarer on AWS than here.
 *
 * - `late`: a write of IAM whose connection broke, and which is carried out all the same, up to `LATEST` requests later: after it was
 *   sent again, and perhaps after the end of what it was for.
 * - `ignored`: a removal that IAM confirms, and whose effect nobody sees.
 * - `forgotten`: a transaction of DynamoDB that was written and whose answer got lost, sent again when its token is forgotten.
 */
export const STRANGE = ['late', 'ignored', 'forgotten'] as const
export type Strange = (typeof STRANGE)[number]

/** A life is fifty requests, and eight are lived at once. */
const LATEST = 1_500
/** Of the transactions that are sent again after their answer got lost. AWS remembers a token for ten minutes. */
const FORGOTTEN_SHARE = 0.75
const IAM_WRITE = /^(?:Create|Attach|Detach|Delete)/
const REMOVAL = /^(?:DetachUserPolicy|DeletePolicy)$/

export interface FaultProxyOptions {
  readonly targetPort: number
  readonly seed: number
  /** Share of the requests that fail, 0 to 1. */
  readonly share: number
  /** These alone, whatever the call; without them all, the strange ones where they belong. */
  readonly kinds?: readonly [Fault | Strange, ...(Fault | Strange)[]]
  /** Told of each request the service has carried out, whatever became of the answer. */
  readonly onApplied?: (call: ProxiedCall) => void
  /** Told of each answer of the service that got to who asked. */
  readonly onAnswered?: (call: ProxiedCall, status: number) => void
}

/**
 * Stands between the SDK and the emulator, and fails a share of the requests as AWS and its network do. What passes, passes as it
 * came, the Host header included: the signature covers it, and the emulator verifies the signature.
 */
export class FaultProxy {
  readonly counts = { requests: 0, faults: 0, byKind: new Map<Fault | Strange, number>() }
  share: number
  readonly #options: FaultProxyOptions
  readonly #chance: SeededChance
  readonly #agent = new Agent({ keepAlive: true })
  readonly #away = new Set<string>()
  /** Tokens of transactions that were written and whose answer got lost. */
  readonly #unanswered = new Set<string>()
  #late: LateWrite[] = []
  readonly #server = createServer((incoming, outgoing) => void this.#serve(incoming, outgoing))

  private constructor(options: FaultProxyOptions) {
    this.#options = options
    this.share = options.share
    this.#chance = new SeededChance(options.seed)
  }

  static async start(options: FaultProxyOptions): Promise<FaultProxy> {
    const proxy = new FaultProxy(options)
    await new Promise<void>(resolve => proxy.#server.listen(0, '127.0.0.1', resolve))
    return proxy
  }

  get endpoint(): string {
    const address = this.#server.address()
    if (address === null || typeof address === 'string') throw new Error('the proxy does not listen')
    return `http://127.0.0.1:${address.port}`
  }

  /** Every request to the service fails, nothing reaches it, until it is `back`. */
  away(service: string): void {
    this.#away.add(service)
  }

  back(service: string): void {
    this.#away.delete(service)
  }

  /** Carries out everything that is still to come late. */
  async settle(): Promise<void> {
    await this.#carryOut(this.#late.splice(0))
  }

  async stop(): Promise<void> {
    this.#agent.destroy()
    this.#server.closeAllConnections()
    await new Promise(resolve => this.#server.close(resolve))
  }

  async #serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = await bytesOf(incoming)
    this.counts.requests += 1
    const call = callOf(incoming, body.toString(), this.counts.requests)
    const due = this.#late.filter(({ dueAt }) => dueAt <= call.order)
    this.#late = this.#late.filter(write => !due.includes(write))
    await this.#carryOut(due)
    const fault = this.#draw(call)
    if (fault) {
      this.counts.faults += 1
      this.counts.byKind.set(fault, (this.counts.byKind.get(fault) ?? 0) + 1)
    }
    if (fault === 'throttle') return answer(outgoing, throttling(call, this.#chance.hits(0.5)))
    if (fault === 'error') return answer(outgoing, serverError(call))
    if (fault === 'ignored') return answer(outgoing, done(call))
    if (fault === 'forgotten') return answer(outgoing, conditionFailed(call))
    if (fault === 'late') this.#late.push({ incoming, body, call, dueAt: call.order + this.#chance.below(LATEST) })
    if (fault === 'reset' || fault === 'late') return void incoming.socket.destroy()
    const passed = await this.#pass(incoming, body).catch(() => undefined)
    if (!passed) return void incoming.socket.destroy()
    if (passed.status < 300) this.#options.onApplied?.(call)
    const token = passed.status < 300 && fault ? tokenOf(call) : undefined
    if (token !== undefined) this.#unanswered.add(token)
    if (fault === 'error-after') return answer(outgoing, serverError(call))
    if (fault === 'reset-after') return void incoming.socket.destroy()
    this.#options.onAnswered?.(call, passed.status)
    answer(outgoing, passed)
  }

  #draw(call: ProxiedCall): Fault | Strange | undefined {
    if (this.#away.has(call.service)) return 'error'
    const { kinds } = this.#options
    if (this.#chance.hits(this.share)) return this.#chance.oneOf(kinds ?? FAULTS)
    return kinds ? undefined : this.#drawStrange(call)
  }

  #drawStrange(call: ProxiedCall): Strange | undefined {
    const { service, action } = call
    const token = tokenOf(call)
    if (token !== undefined) {
      const isAgain = this.#unanswered.delete(token) && this.share > 0
      return isAgain && this.#chance.hits(FORGOTTEN_SHARE) ? 'forgotten' : undefined
    }
    if (service !== 'iam' || !IAM_WRITE.test(action) || !this.#chance.hits(this.share)) return undefined
    return REMOVAL.test(action) ? this.#chance.oneOf(['late', 'ignored']) : 'late'
  }

  async #carryOut(writes: readonly LateWrite[]): Promise<void> {
    for (const { incoming, body, call } of writes) {
      const { status } = await this.#pass(incoming, body)
      if (status < 300) this.#options.onApplied?.(call)
    }
  }

  #pass({ method, url, headers }: IncomingMessage, body: Buffer): Promise<FaultAnswer> {
    return new Promise((resolve, reject) => {
      const target = { host: '127.0.0.1', port: this.#options.targetPort, agent: this.#agent }
      const forwarded = httpRequest({ ...target, method, path: url, headers }, response => {
        bytesOf(response).then(
          text => resolve({ status: response.statusCode ?? 502, headers: response.headers, body: text }),
          reject,
        )
      })
      forwarded.on('error', reject)
      forwarded.end(body)
    })
  }
}

interface LateWrite {
  readonly incoming: IncomingMessage
  readonly body: Buffer
  readonly call: ProxiedCall
  /** The request before which it is carried out. */
  readonly dueAt: number
}

function answer(outgoing: ServerResponse, { status, headers, body }: FaultAnswer): void {
  outgoing.writeHead(status, headers)
  outgoing.end(body)
}

async function bytesOf(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks)
}
