import * as z from 'zod/mini'
import { signedCall } from '../../cli/api/signed-call.ts'
import type { House } from '../house.ts'

/** What the demo reads of an answer about a request. */
const $Request = z.object({
  requestId: z.string(),
  status: z.string(),
  stages: z.array(z.object({ approvers: z.array(z.string()) })),
  grant: z.optional(z.object({ policyArn: z.string(), notBefore: z.iso.datetime(), notAfter: z.iso.datetime() })),
  endCause: z.optional(z.string()),
  receipt: z.optional(
    z.object({ policyArn: z.string(), verifiedAt: z.iso.datetime(), policy: z.string(), detached: z.number() }),
  ),
  events: z._default(z.array(z.looseObject({ sequence: z.number(), type: z.string(), at: z.string() })), []),
})
export type RequestAnswer = z.output<typeof $Request>

const $Refusal = z.object({
  code: z.string(),
  rule: z.string(),
  detail: z.string(),
  wouldPass: z.string(),
  requestId: z.string(),
})

export interface Asking {
  readonly entitlement: string
  readonly duration: string
  readonly reason: string
  readonly ticket?: string
  readonly parameters?: Readonly<Record<string, string>>
}

/** The API as one person calls it, signed with their own keys. */
export class ApiAs {
  readonly #house: House
  readonly #person: string

  constructor(house: House, person: string) {
    this.#house = house
    this.#person = person
  }

  async ask(asking: Asking): Promise<RequestAnswer> {
    return $Request.parse(await this.#json('POST', '/requests', 202, asking))
  }

  /** Asks for what the rules refuse; gives the refusal. */
  async askInVain(asking: Asking) {
    return $Refusal.parse(await this.#json('POST', '/requests', 403, asking))
  }

  async read(requestId: string): Promise<RequestAnswer> {
    return $Request.parse(await this.#json('GET', `/requests/${requestId}`, 200))
  }

  /** Any route, as JSON. */
  get(path: string): Promise<unknown> {
    return this.#json('GET', path, 200)
  }

  post(path: string, expected: number, body: unknown): Promise<unknown> {
    return this.#json('POST', path, expected, body)
  }

  /** A download: the API answers with a fresh address, which needs no signature. */
  async download(path: string): Promise<Uint8Array> {
    const redirect = await this.#call('GET', path)
    const location = redirect.headers.get('location')
    if (redirect.status !== 302 || location === null) throw new Error(`GET ${path} answered ${redirect.status}`)
    const file = await fetch(location)
    if (!file.ok) throw new Error(`the address of ${path} answered ${file.status}`)
    return new Uint8Array(await file.arrayBuffer())
  }

  async #json(method: string, path: string, expected: number, body?: unknown): Promise<unknown> {
    const response = await this.#call(method, path, body)
    const text = await response.text()
    if (response.status !== expected) throw new Error(`${method} ${path} answered ${response.status}: ${text}`)
    return JSON.parse(text)
  }

  #call(method: string, path: string, body?: unknown): Promise<Response> {
    const { people, apiUrl, region } = this.#house
    const keys = people[this.#person]
    if (!keys) throw new Error(`the access file has no ${this.#person}`)
    return signedCall(keys, region, { method, url: `${apiUrl}${path}`, body })
  }
}
