import { encodeTime } from 'ulid'
import type { IdSource } from '../../lambdas/application/ports/chance.ts'
import { sha256 } from '../../lambdas/domain/digest.ts'

/** Ids, tokens and codes that are the same in every run: counted, in the form of real ones. */
export class GivenIds implements IdSource {
  readonly tokens: string[] = []
  readonly codes: string[] = []
  #count = 0

  requestId(now: Date): string {
    this.#count += 1
    return `${encodeTime(now.getTime(), 10)}${String(this.#count).padStart(16, '0')}`
  }

  linkToken(): string {
    const token = Buffer.from(sha256(`token ${this.tokens.length}`), 'hex').toString('base64url')
    this.tokens.push(token)
    return token
  }

  code(): string {
    const code = String(100_000 + ((this.codes.length * 7919) % 900_000))
    this.codes.push(code)
    return code
  }
}
