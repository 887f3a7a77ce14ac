import { type FreezeAccessDeps, freezeAccess } from '../../application/freeze-access.ts'
import { $FreezeBody } from '../../contract/freeze-body.ts'
import { toInstant, wholeSeconds } from '../../domain/instant.ts'
import { type ApiAnswer, type ApiEvent, json } from '../../runtime/api.ts'
import { jsonBody } from '../../runtime/body.ts'
import { type ProvenCallerDeps, provenAdminOf } from '../../runtime/proven-caller.ts'

/** `POST /freeze` refuses new grants and ends all live ones; `DELETE /freeze` lifts it. For administrators. */
export function createHandler(deps: FreezeAccessDeps & ProvenCallerDeps) {
  return async (event: ApiEvent): Promise<ApiAnswer> => {
    const { person } = await provenAdminOf(event, deps)
    const at = wholeSeconds(deps.clock.now())
    if (event.httpMethod === 'DELETE') {
      await deps.freezes.lift(person.id, at)
      return json(200, { frozen: false, by: person.id, at: toInstant(at) })
    }
    const { reason } = jsonBody(event, $FreezeBody)
    const { freeze, ended, failed } = await freezeAccess(deps, { by: person.id, at, reason })
    return json(200, { frozen: true, ...freeze, at: toInstant(freeze.at), ended, failed })
  }
}
