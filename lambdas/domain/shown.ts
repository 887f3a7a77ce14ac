import { digest, type Json } from './digest.ts'
import { toInstant } from './instant.ts'
import type { Statement } from './parameters.ts'
import { principalJson } from './principal.ts'
import type { Request } from './request.ts'

/**
 * The hash of what an approver is shown: who asks, for what, why, how long, from when, which exact statements, by which access file.
 * A decision carries it back; anything changed since gives another hash and the decision is refused.
 */
export function shownHash(request: Request, statements: readonly Statement[]): string {
  const {
    id,
    requester,
    principal,
    entitlement,
    parameters,
    durationSeconds,
    reason,
    ticket,
    earliestStart,
    rule,
    accessHash,
  } = request
  return digest({
    id,
    requester,
    principal: principalJson(principal),
    entitlement,
    parameters,
    durationSeconds,
    reason,
    ticket,
    earliestStart: earliestStart && toInstant(earliestStart),
    rule,
    asIs: request.asIs && { ...request.asIs },
    accessHash,
    automatic: request.automatic,
    isBreakGlass: request.isBreakGlass,
    extends: request.extends,
    statements: statements.map(statementJson),
  })
}

function statementJson({ actions, exceptActions, resources, exceptResources, conditions }: Statement): Json {
  return { actions, exceptActions, resources, exceptResources, conditions }
}
