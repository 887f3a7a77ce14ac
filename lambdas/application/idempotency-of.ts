import { digest } from '../domain/digest.ts'
import type { Ask } from '../domain/evaluate.ts'
import { toInstant } from '../domain/instant.ts'
import type { Idempotency } from './ports/request-store.ts'

interface Keyed {
  readonly requester: string
  readonly ask: Ask
  readonly reason: string
  readonly ticket?: string | undefined
  readonly idempotencyKey?: string | undefined
}

/** What makes a repeat of this ask the same ask; undefined where it has no key. */
export function idempotencyOf(asking: Keyed): Idempotency | undefined {
  const { requester, idempotencyKey: key } = asking
  return key === undefined ? undefined : { requester, key, bodyHash: bodyHash(asking) }
}

function bodyHash({ ask, reason, ticket }: Keyed): string {
  const { entitlement, durationSeconds, parameters, earliestStart, isBreakGlass, extends: prolongs } = ask
  return digest({
    entitlement,
    durationSeconds,
    parameters,
    earliestStart: earliestStart && toInstant(earliestStart),
    breakGlass: isBreakGlass || undefined,
    extends: prolongs,
    reason,
    ticket,
  })
}
