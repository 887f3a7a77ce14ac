import { randomBytes, randomInt } from 'node:crypto'
import { ulid } from 'ulid'
import type { Clock, IdSource } from '../application/ports/chance.ts'

export class SystemClock implements Clock {
  now(): Date {
    return new Date()
  }
}

/** Ids and secrets from the system's random source. */
export class RandomIds implements IdSource {
  requestId(now: Date): string {
    return ulid(now.getTime())
  }

  linkToken(): string {
    return randomBytes(32).toString('base64url')
  }

  code(): string {
    return String(randomInt(1_000_000)).padStart(6, '0')
  }
}
