import type { Clock } from '../../application/ports/chance.ts'
import { $PreviewBody } from '../../contract/request-body.ts'
import type { AccessFile } from '../../domain/access-file.ts'
import { toIsoDuration } from '../../domain/duration.ts'
import { evaluate } from '../../domain/evaluate.ts'
import { type ApiAnswer, type ApiEvent, json } from '../../runtime/api.ts'
import { jsonBody } from '../../runtime/body.ts'
import { callerOf } from '../../runtime/caller.ts'

/** `POST /requests/preview`: what a request would meet. Nothing is recorded, and nobody is asked. */
export function createHandler({ access, clock }: { readonly access: AccessFile; readonly clock: Clock }) {
  return async (event: ApiEvent): Promise<ApiAnswer> => {
    const { person } = callerOf(event, access)
    const { entitlement, duration, parameters, notBefore } = jsonBody(event, $PreviewBody)
    const ask = { entitlement, parameters, durationSeconds: duration, earliestStart: notBefore }
    const evaluation = evaluate(access, person.id, ask, clock.now())
    if (evaluation.outcome === 'refused') {
      const { code, rule, detail, wouldPass } = evaluation
      return json(200, { decision: 'refused', code, rule, detail, wouldPass })
    }
    const { rule, durationSeconds, maximumSeconds, stages, statements } = evaluation
    return json(200, {
      decision: 'needs-approval',
      rule,
      duration: toIsoDuration(durationSeconds),
      maximumDuration: toIsoDuration(maximumSeconds),
      stages,
      statements,
    })
  }
}
