import type { AccessFile } from '../../domain/access-file.ts'
import { toIsoDuration } from '../../domain/duration.ts'
import { eligibleEntitlements } from '../../domain/evaluate.ts'
import { type ApiAnswer, type ApiEvent, json } from '../../runtime/api.ts'
import { callerOf } from '../../runtime/caller.ts'

/** `GET /entitlements`: what the caller may ask for, with limits and stages. */
export function createHandler({ access }: { readonly access: AccessFile }) {
  return async (event: ApiEvent): Promise<ApiAnswer> => {
    const { person } = callerOf(event, access)
    const entitlements = eligibleEntitlements(access, person.id).map(
      ({ entitlement, rule, maximumSeconds, stages }) => ({
        entitlement: entitlement.id,
        title: entitlement.title,
        description: entitlement.description,
        risk: entitlement.risk,
        parameters: entitlement.parameters,
        defaultDuration: toIsoDuration(Math.min(entitlement.duration.defaultSeconds, maximumSeconds)),
        maximumDuration: toIsoDuration(maximumSeconds),
        rule,
        stages,
      }),
    )
    return json(200, { person: person.id, entitlements })
  }
}
