import {
  Agent,
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type ServerResponse,
} from 'node:http'
import { SeededChance } from './seeded-chance.ts'

/** `…-after`: the service has done it, and only its answer is lost. */
export const FAULTS = ['throttle', 'error', 'error-after', 'reset', 'reset-after'] as const
export type Fault = (typeof FAULTS)[number]

/** One request as the service was asked it. */
export interface ProxiedCall {
  /** The signing name: `iam`, `dynamodb`. */
  readonly service: string
  readonly action: string
  readonly body: string
}

export interface FaultProxyOptions {
  readonly targetPort: number
  readonly seed: number
  /** Share of the requests that fail, 0 to 1. */
  readonly share: number
  readonly kinds?: readonly [Fault, ...Fault[]]
  /** Told of each request the service has carried out, whatever became of the answer. */
  readonly onApplied?: (call: ProxiedCall) => void
}

/**
 * Stands between the SDK and the emulator, and fails a share of the requests as AWS and its network do. What passes, passes as it
 * came, the Host header included: the signature covers it, and the emulator verifies the signature.
 */
export class FaultProxy {
  readonly counts = { requests: 0, faults: 0, byKind: new Map<Fault, number>() }
  share: number
  readonly #options: FaultProxyOptions
  readonly #chance: SeededChance
  readonly #agent = new Agent({ keepAlive: true })
  readonly #away = new Set<string>()
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

  async stop(): Promise<void> {
    this.#agent.destroy()
    this.#server.closeAllConnections()
    await new Promise(resolve => this.#server.close(resolve))
  }

  async #serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = await bytesOf(incoming)
    const call = callOf(incoming, body.toString())
    const fault = this.#draw(call.service)
    this.counts.requests += 1
    if (fault) {
      this.counts.faults += 1
      this.counts.byKind.set(fault, (this.counts.byKind.get(fault) ?? 0) + 1)
    }
    if (fault === 'throttle') return answer(outgoing, throttling(call, this.#chance.hits(0.5)))
    if (fault === 'error') return answer(outgoing, serverError(call))
    if (fault === 'reset') return void incoming.socket.destroy()
    const passed = await this.#pass(incoming, body).catch(() => undefined)
    if (!passed) return void incoming.socket.destroy()
    if (passed.status < 300) this.#options.onApplied?.(call)
    if (fault === 'error-after') return answer(outgoing, serverError(call))
    if (fault === 'reset-after') return void incoming.socket.destroy()
    answer(outgoing, passed)
  }

  #draw(service: string): Fault | undefined {
    if (this.#away.has(service)) return 'error'
    return this.#chance.hits(this.share) ? this.#chance.oneOf(this.#options.kinds ?? FAULTS) : undefined
  }

  #pass({ method, url, headers }: IncomingMessage, body: Buffer): Promise<Answer> {
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

interface Answer {
  readonly status: number
  readonly headers: OutgoingHttpHeaders
  readonly body: Buffer | string
}

function answer(outgoing: ServerResponse, { status, headers, body }: Answer): void {
  outgoing.writeHead(status, headers)
  outgoing.end(body)
}

async function bytesOf(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** The service by the credential's scope; the action by the Query protocol's `Action` or the JSON protocol's target. */
function callOf({ headers, method }: IncomingMessage, body: string): ProxiedCall {
  const service = /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\//.exec(headers.authorization ?? '')?.[1] ?? 'unsigned'
  const target = headers['x-amz-target']
  const action = typeof target === 'string' ? target.split('.')[1] : /(?:^|&)Action=([A-Za-z]+)/.exec(body)?.[1]
  return { service, action: action ?? method ?? '', body }
}

const DYNAMO = 'com.amazonaws.dynamodb.v20120810#'

/** DynamoDB throttles a transaction as a whole, or cancels it because of one of its items. */
function throttling({ service, action, body }: ProxiedCall, isWhole: boolean): Answer {
  if (service !== 'dynamodb') return xmlError(400, 'Throttling', 'Rate exceeded')
  if (action !== 'TransactWriteItems') {
    const type = isWhole ? 'ThrottlingException' : 'ProvisionedThroughputExceededException'
    return jsonError(400, { __type: `${DYNAMO}${type}`, message: 'Rate exceeded' })
  }
  if (isWhole) return jsonError(400, { __type: `${DYNAMO}ThrottlingException`, message: 'Rate exceeded' })
  const items = (body.match(/"(?:Put|Update)":/g) ?? []).length
  const reasons = Array.from({ length: items }, (_, index) => ({ Code: index === 0 ? 'ThrottlingError' : 'None' }))
  return jsonError(400, {
    __type: `${DYNAMO}TransactionCanceledException`,
    message: 'Transaction cancelled, please refer cancellation reasons for specific reasons',
    CancellationReasons: reasons,
  })
}

function serverError({ service }: ProxiedCall): Answer {
  return service === 'dynamodb'
    ? jsonError(500, { __type: `${DYNAMO}InternalServerError`, message: 'The request could not be processed' })
    : xmlError(500, 'ServiceFailure', 'The request could not be processed')
}

function jsonError(status: number, error: object): Answer {
  return { status, headers: { 'content-type': 'application/x-amz-json-1.0' }, body: JSON.stringify(error) }
}

function xmlError(status: number, code: string, message: string): Answer {
  const error = `<Error><Type>${status < 500 ? 'Sender' : 'Receiver'}</Type><Code>${code}</Code><Message>${message}</Message></Error>`
  const body = `<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/">${error}<RequestId>injected</RequestId></ErrorResponse>`
  return { status, headers: { 'content-type': 'text/xml' }, body }
}
