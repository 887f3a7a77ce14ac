import { BrokenWorldError, reasonOf } from '../errors.ts'
import type { Surroundings } from '../surroundings.ts'
import type { Endpoint } from './endpoint.ts'
import { $Problem, ApiProblemError } from './problem.ts'
import { type Call, signedCall } from './signed-call.ts'

/** API Gateway gives a call up after 29 seconds. */
const TIMEOUT_MILLISECONDS = 35_000
/** API Gateway refuses what is over the rate of the stage before anything is done, so every call may be made again. Waits double. */
const THROTTLED = 429
const MOST_TRIES = 6
const FIRST_WAIT_MILLISECONDS = 250

/** The API as one caller speaks to it, signed with their own credentials. Answers are unknown: every command parses what it reads. */
export class Api {
  readonly #endpoint: Endpoint
  readonly #sleep: Surroundings['sleep']

  constructor(endpoint: Endpoint, { sleep }: Pick<Surroundings, 'sleep'>) {
    this.#endpoint = endpoint
    this.#sleep = sleep
  }

  get(path: string): Promise<unknown> {
    return this.#json('GET', path)
  }

  post(path: string, body?: object, headers: Readonly<Record<string, string>> = {}): Promise<unknown> {
    return this.#json('POST', path, { body, headers })
  }

  delete(path: string): Promise<unknown> {
    return this.#json('DELETE', path)
  }

  /** A file of a review: the API answers with a fresh address, which needs no signature. */
  async download(path: string): Promise<Uint8Array> {
    const redirect = await this.#call('GET', path, {})
    const location = redirect.headers.get('location')
    if (redirect.status !== 302 || location === null) throw await notAnswered('GET', path, redirect)
    const file = await reached(fetch(location, { signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS) }))
    if (!file.ok) throw new BrokenWorldError(`the store of reviews answered ${file.status} for ${path}`)
    return new Uint8Array(await file.arrayBuffer())
  }

  async #json(method: string, path: string, more: Pick<Call, 'body' | 'headers'> = {}): Promise<unknown> {
    const response = await this.#call(method, path, more)
    if (!response.ok) throw await notAnswered(method, path, response)
    const text = await response.text()
    const answer = jsonOf(text)
    if (answer === undefined) throw new BrokenWorldError(`${method} ${path} answered ${response.status} and no JSON`)
    return answer
  }

  async #call(method: string, path: string, more: Pick<Call, 'body' | 'headers'>): Promise<Response> {
    const { apiUrl, region } = this.#endpoint
    for (let tries = 1; ; tries += 1) {
      const keys = await this.#endpoint.credentials()
      const signal = AbortSignal.timeout(TIMEOUT_MILLISECONDS)
      const answer = reached(signedCall(keys, region, { method, url: `${apiUrl}${path}`, signal, ...more }))
      const response = await answer
      if (response.status !== THROTTLED || tries === MOST_TRIES) return response
      await response.body?.cancel()
      await this.#sleep(FIRST_WAIT_MILLISECONDS * 2 ** (tries - 1))
    }
  }
}

/** The problem of an answer that is not the expected one; a broken world when the answer is not one of the API. */
async function notAnswered(method: string, path: string, response: Response): Promise<Error> {
  const problem = $Problem.safeParse(jsonOf(await response.text()))
  if (problem.success) return new ApiProblemError(response.status, problem.data)
  return new BrokenWorldError(
    `${method} ${path} answered ${response.status} and nothing of Lapse; is the address right?`,
  )
}

async function reached(answer: Promise<Response>): Promise<Response> {
  try {
    return await answer
  } catch (cause) {
    const why =
      typeof cause === 'object' && cause !== null && 'cause' in cause ? reasonOf(cause.cause) : reasonOf(cause)
    throw new BrokenWorldError(`the API cannot be reached: ${why}`, { cause })
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
