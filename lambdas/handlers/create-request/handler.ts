import { type RequestAccessDeps, type RequestOutcome, requestAccess } from '../../application/request-access.ts'
import { $IdempotencyKey, $RequestBody, askOf } from '../../contract/request-body.ts'
import { requestView } from '../../contract/request-view.ts'
import { whyItWaits } from '../../domain/past.ts'
import type { Status } from '../../domain/request.ts'
import { type ApiAnswer, type ApiEvent, json } from '../../runtime/api.ts'
import { jsonBody } from '../../runtime/body.ts'
import { callerOf } from '../../runtime/caller.ts'
import { ProblemError } from '../../runtime/problem.ts'
import { sourceAddressOf } from '../../runtime/source-address.ts'

/** `POST /requests`: judged at once; 202 when approvers are asked, 403 with the rule when refused. */
export function createHandler(deps: RequestAccessDeps) {
  return async (event: ApiEvent): Promise<ApiAnswer> => {
    const { person, principal } = callerOf(event, deps.access)
    const idempotencyKey = idempotencyKeyOf(event)
    const { reason, ticket, ...asked } = jsonBody(event, $RequestBody)
    const ask = askOf(asked)
    const from = sourceAddressOf(event)
    const asking = { requester: person.id, principal, ask, reason, ticket, idempotencyKey, from }
    return answer(await requestAccess(deps, asking))
  }
}

/** The answer to an ask, let in or refused. */
export function answer(result: RequestOutcome): ApiAnswer {
  if (result.outcome === 'accepted') {
    const { request, openDebt } = result
    return json(202, { ...requestView(request), because: openDebt && whyItWaits(openDebt) })
  }
  if (result.outcome === 'not-active') throw notActive(result.status)
  if (result.outcome === 'refused') {
    const { code, rule, detail, wouldPass } = result.refusal
    throw new ProblemError({ status: 403, code, rule, detail, wouldPass, requestId: result.request.id })
  }
  if (result.outcome === 'unknown-entitlement') {
    const { code, detail, wouldPass } = result.refusal
    throw new ProblemError({ status: 404, code, detail, wouldPass })
  }
  const { requestId } = result
  if (result.outcome === 'key-reused') {
    const detail = 'This Idempotency-Key was used for another request.'
    throw new ProblemError({
      status: 409,
      code: 'idempotency-key-reused',
      detail,
      requestId,
      wouldPass: 'a new key, or the same body again',
    })
  }
  const detail = 'The request was recorded, but its workflow could not be started. Nothing was granted.'
  throw new ProblemError({
    status: 503,
    code: 'workflow-unavailable',
    detail,
    requestId,
    wouldPass: 'the same call with another Idempotency-Key',
  })
}

function notActive(status: Status): ProblemError {
  const detail = `The request is ${status}; there is no grant in force to prolong.`
  return new ProblemError({ status: 409, code: 'not-active', detail, wouldPass: 'a new request: POST /requests' })
}

/** The header `Idempotency-Key`, or a 400 problem. */
export function idempotencyKeyOf({ headers }: ApiEvent): string | undefined {
  const given = Object.entries(headers).find(([name]) => name.toLowerCase() === 'idempotency-key')?.[1]
  if (given === undefined) return undefined
  const key = $IdempotencyKey.safeParse(given)
  if (key.success) return key.data
  const detail = 'The header Idempotency-Key must be 1 to 128 printable characters without spaces.'
  throw new ProblemError({ status: 400, code: 'invalid-idempotency-key', detail, wouldPass: 'a UUID' })
}
