import { createHash, createHmac } from 'node:crypto'
import { SignatureV4 } from '@smithy/signature-v4'

export interface Keys {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** Of temporary credentials. */
  readonly sessionToken?: string
}

export interface Call {
  readonly method: string
  readonly url: string
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
  /** Whom the signature is for; without it API Gateway. */
  readonly service?: string
}

/** Calls the API as a person does: signed with SigV4 for `execute-api`. A body that is no string is sent as JSON. */
export async function signedCall(
  keys: Keys,
  region: string,
  { method, url, body, headers = {}, signal, service = 'execute-api' }: Call,
): Promise<Response> {
  const { protocol, hostname, port, pathname, searchParams } = new URL(url)
  const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body)
  const signer = new SignatureV4({ credentials: keys, region, service, sha256: Sha256 })
  const signed = await signer.sign({
    method,
    protocol,
    hostname,
    ...(port && { port: Number(port) }),
    path: pathname,
    query: Object.fromEntries(searchParams),
    headers: { host: port ? `${hostname}:${port}` : hostname, 'content-type': 'application/json', ...headers },
    body: text,
  })
  const { host: _, ...sent } = signed.headers
  const given = { ...(text !== undefined && { body: text }), ...(signal && { signal }) }
  return fetch(url, { method, headers: sent, redirect: 'manual', ...given })
}

/** SHA-256 and HMAC-SHA-256 in the shape the signer wants, on Node's own. */
class Sha256 {
  readonly #hash

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', bytes(secret))
  }

  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(bytes(data))
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest()
  }
}

function bytes(data: string | ArrayBuffer | ArrayBufferView): Uint8Array {
  if (typeof data === 'string') return Buffer.from(data)
  return ArrayBuffer.isView(data) ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : new Uint8Array(data)
}
