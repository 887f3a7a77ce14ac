import { type EarlierDeps, earlierRequests } from '../../application/earlier-requests.ts'
import { type HeldDeps, heldRefusal } from '../../application/held-refusal.ts'
import { countedPast, type PastSource } from '../../application/past-of.ts'
import type { Clock } from '../../application/ports/chance.ts'
import { allowanceView } from '../../contract/allowance-view.ts'
import { earlierView } from '../../contract/earlier-view.ts'
import { $PreviewBody, askOf } from '../../contract/request-body.ts'
import { type AccessFile, own } from '../../domain/access-file.ts'
import { allowanceOf } from '../../domain/allowance.ts'
import { toIsoDuration } from '../../domain/duration.ts'
import { type Allowed, evaluate, type Refused } from '../../domain/evaluate.ts'
import { whyItWaits } from '../../domain/past.ts'
import { policyInWords } from '../../domain/policy-in-words.ts'
import { accountOf } from '../../domain/resource-words.ts'
import { type ApiAnswer, type ApiEvent, json } from '../../runtime/api.ts'
import { jsonBody } from '../../runtime/body.ts'
import { callerOf } from '../../runtime/caller.ts'

export interface PreviewDeps extends HeldDeps {
  readonly access: AccessFile
  readonly store: PastSource & EarlierDeps['store']
  readonly clock: Clock
}

/** `POST /requests/preview`: what a request would meet. Nothing is recorded, and nobody is asked. */
export function createHandler(deps: PreviewDeps) {
  const { access, clock } = deps
  return async (event: ApiEvent): Promise<ApiAnswer> => {
    const { person, principal } = callerOf(event, access)
    const ask = askOf(jsonBody(event, $PreviewBody))
    const now = clock.now()
    const past = await countedPast(deps, person.id, ask.entitlement, now)
    const evaluation = evaluate(access, person.id, ask, now, past)
    if (evaluation.outcome === 'refused') return json(200, refusalView(evaluation))
    const heldBack = await heldRefusal(deps, person.id, ask)
    if (heldBack) return json(200, refusalView(heldBack))
    const { rule, durationSeconds, maximumSeconds, stages, statements } = evaluation
    const entitlement = own(access.entitlements, ask.entitlement)
    const earlier = await earlierRequests(deps, { requester: person.id, entitlement: ask.entitlement })
    return json(200, {
      ...decisionOf(evaluation),
      rule,
      duration: toIsoDuration(durationSeconds),
      maximumDuration: toIsoDuration(maximumSeconds),
      stages,
      allows: policyInWords(entitlement?.allows, statements, accountOf(principal)),
      statements,
      asIs: entitlement?.managedPolicy?.asIs && {
        policyArn: entitlement.managedPolicy.arn,
        because: entitlement.managedPolicy.asIs.because,
      },
      ...earlierView(earlier),
      ...(entitlement && past && allowanceView(allowanceOf(access, person.id, entitlement, past, now))),
    })
  }
}

function refusalView({ code, rule, detail, wouldPass }: Refused) {
  return { decision: 'refused', code, rule, detail, wouldPass }
}

/** Whether people are asked, and if not why; of an emergency that waits for people, why that is. */
function decisionOf({ automatic, emergency }: Allowed) {
  if (automatic !== undefined) return { decision: 'automatic', approvedBy: automatic }
  if (!emergency) return { decision: 'needs-approval' }
  if (emergency.openDebt) return { decision: 'needs-approval', because: whyItWaits(emergency.openDebt) }
  return { decision: 'break-glass' }
}
