import { type AccessFile, type Entitlement, peopleOf } from '../../lambdas/domain/access-file.ts'
import type { Delegation } from '../../lambdas/domain/approval-rules.ts'
import { askedStages, unmannedStage } from '../../lambdas/domain/asked-stages.ts'
import { mayAsk } from './asking-people.ts'
import type { Flaw } from './flaw.ts'

interface Stuck {
  readonly entitlement: string
  readonly stage: string
  /** Empty: whoever asks. */
  readonly requester: string
}

/**
 * Delegations that leave a stage with too few people: who stands in for two counts once. Needs a file whose stages can be passed
 * when everybody is there. Who is asked changes only when a delegation begins or ends, so those instants are all there are.
 */
export function absenceFlaws(access: AccessFile): readonly Flaw[] {
  const { delegations = [] } = access
  const changes = new Set(delegations.flatMap(({ from, until }) => [from, until]))
  const told = new Map<Delegation, Stuck>()
  for (const at of [...changes].sort()) {
    const stuck = firstStuck(access, new Date(at))
    const cause = stuck && causeOf(access, new Date(at))
    if (cause && !told.has(cause)) told.set(cause, stuck)
  }
  return [...told].map(([delegation, { entitlement, stage, requester }]) => {
    const who = requester === '' ? '' : ` when ${requester} asks`
    const message = `while ${delegation.of} is away, too few are left for stage ${stage} of ${entitlement}${who}`
    const fix = 'name a stand-in who is not asked already, or add approvers'
    return { path: ['delegations', delegations.indexOf(delegation), 'to'], on: 'value', message, fix }
  })
}

/** The delegation without which all stages could be passed at that instant; when there is no such one, the last that holds. */
function causeOf(access: AccessFile, at: Date): Delegation | undefined {
  const { delegations = [] } = access
  const holding = delegations.filter(({ from, until }) => new Date(from) <= at && at < new Date(until)).toReversed()
  const isCause = (one: Delegation) =>
    !firstStuck({ ...access, delegations: delegations.filter(other => other !== one) }, at)
  return holding.find(isCause) ?? holding[0]
}

function firstStuck(access: AccessFile, at: Date): Stuck | undefined {
  for (const entitlement of Object.values(access.entitlements)) {
    for (const requester of requesters(access, entitlement)) {
      const stage = unmannedStage(askedStages(access, requester, entitlement, at))?.name
      if (stage !== undefined) return { entitlement: entitlement.id, requester, stage }
    }
  }
  return undefined
}

/** Nobody in particular, and those for whom it makes a difference that they ask: they would be asked themselves. */
function requesters(access: AccessFile, entitlement: Entitlement): readonly string[] {
  const refs = entitlement.stages.flatMap(({ approvers, escalateTo = [] }) => [...approvers, ...escalateTo])
  const named = [...peopleOf(access, refs).map(({ id }) => id), ...(access.delegations ?? []).map(({ to }) => to)]
  return ['', ...[...new Set(named)].filter(id => mayAsk(access, id, entitlement))]
}
