import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto'
import { SignatureV4 } from '@smithy/signature-v4'

export interface Credentials {
  accessKeyId: string
  secretAccessKey: string
  sessionToken?: string
}

export interface SignedRequest {
  /** Without credentials the request goes out unsigned. */
  credentials?: Credentials
  /** The signing name; default: execute-api. */
  service?: string
  headers?: Record<string, string>
  body?: string
}

export interface Response {
  status: number
  headers: Headers
  text: string
}

/** A request signed with Signature Version 4, for services whose SDK client is no dependency of the project. */
export async function signedFetch(method: string, url: string, request: SignedRequest = {}): Promise<Response> {
  const { hostname, port, pathname, searchParams, host } = new URL(url)
  const { credentials, service = 'execute-api', headers = {}, body } = request
  const unsigned = {
    method,
    protocol: 'http:',
    hostname,
    port: Number(port),
    path: pathname,
    headers: { host, ...headers },
  }
  const query = Object.fromEntries(searchParams)
  const signed = credentials
    ? await new SignatureV4({ credentials, region: 'us-east-1', service, sha256: Sha256 }).sign({
        ...unsigned,
        query,
        body,
      })
    : unsigned
  const response = await fetch(url, { method, headers: signed.headers, ...(body === undefined ? {} : { body }) })
  return { status: response.status, headers: response.headers, text: await response.text() }
}

type Source = string | ArrayBuffer | ArrayBufferView

class Sha256 {
  private readonly hash: Hash | Hmac

  constructor(secret?: Source) {
    this.hash = secret === undefined ? createHash('sha256') : createHmac('sha256', bytesOf(secret))
  }

  update(chunk: Source): void {
    this.hash.update(bytesOf(chunk))
  }

  async digest(): Promise<Uint8Array> {
    return new Uint8Array(this.hash.digest())
  }

  reset(): void {
    throw new Error('A hash is used once')
  }
}

function bytesOf(source: Source): Uint8Array {
  if (typeof source === 'string') return Buffer.from(source)
  return source instanceof ArrayBuffer
    ? new Uint8Array(source)
    : new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
}
