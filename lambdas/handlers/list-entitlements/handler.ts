import { type PastSource, pastOf } from '../../application/past-of.ts'
import type { Clock } from '../../application/ports/chance.ts'
import { allowanceView } from '../../contract/allowance-view.ts'
import type { AccessFile } from '../../domain/access-file.ts'
import { allowanceOf } from '../../domain/allowance.ts'
import { toIsoDuration } from '../../domain/duration.ts'
import { eligibleEntitlements } from '../../domain/evaluate.ts'
import { isCounted } from '../../domain/uses.ts'
import { type ApiAnswer, type ApiEvent, json } from '../../runtime/api.ts'
import { callerOf } from '../../runtime/caller.ts'

export interface ListEntitlementsDeps {
  readonly access: AccessFile
  readonly store: PastSource
  readonly clock: Clock
}

/** `GET /entitlements`: what the caller may ask for, with limits, stages, and what is left to them. */
export function createHandler({ access, store, clock }: ListEntitlementsDeps) {
  return async (event: ApiEvent): Promise<ApiAnswer> => {
    const { person } = callerOf(event, access)
    const now = clock.now()
    const eligible = eligibleEntitlements(access, person.id, now)
    const past = eligible.some(({ entitlement }) => isCounted(entitlement))
      ? await pastOf(store, person.id, now)
      : { uses: [] }
    const entitlements = eligible.map(({ entitlement, rule, maximumSeconds, stages }) => ({
      entitlement: entitlement.id,
      title: entitlement.title,
      description: entitlement.description,
      risk: entitlement.risk,
      parameters: entitlement.parameters,
      managedPolicy: entitlement.managedPolicy,
      defaultDuration: toIsoDuration(Math.min(entitlement.duration.defaultSeconds, maximumSeconds)),
      maximumDuration: toIsoDuration(maximumSeconds),
      rule,
      stages,
      ...allowanceView(allowanceOf(access, person.id, entitlement, past, now)),
    }))
    return json(200, { person: person.id, entitlements })
  }
}
