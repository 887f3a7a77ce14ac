import { type AccessFile, type Entitlement, peopleOf, type Stage } from '../../lambdas/domain/access-file.ts'
import { eligibleEntitlements } from '../../lambdas/domain/evaluate.ts'
import type { Flaw, Path } from './flaw.ts'

/** Stages that could not be passed: too few people, or too few once the one who asks does not count. Needs a file whose references are right. */
export function approverFlaws(access: AccessFile): readonly Flaw[] {
  return Object.values(access.entitlements).flatMap(entitlement =>
    entitlement.stages.flatMap((stage, index) => {
      const path: Path = ['entitlements', entitlement.id, 'approval', 'stages', index]
      return stageFlaws(access, entitlement, stage, path)
    }),
  )
}

function stageFlaws(access: AccessFile, entitlement: Entitlement, stage: Stage, path: Path): readonly Flaw[] {
  const approvers = peopleOf(access, stage.approvers)
  if (approvers.length < stage.quorum) {
    const people = approvers.length === 1 ? '1 person' : `${approvers.length} people`
    const message = `the quorum is ${stage.quorum}, and the stage has ${people}`
    return [{ path: [...path, 'quorum'], on: 'value', message, fix: 'lower the quorum or add approvers' }]
  }
  if (approvers.length > stage.quorum) return []

  const stuck = approvers.filter(person => mayAsk(access, person.id, entitlement)).map(person => person.id)
  if (stuck.length === 0) return []
  const message = `nobody approves their own request, so ${stage.quorum - 1} of the ${stage.quorum} needed are left when ${stuck.join(' or ')} asks`
  const fix = `add an approver, or keep ${stuck.join(' and ')} out by a deny rule`
  return [{ path: [...path, 'approvers'], on: 'value', message, fix }]
}

function mayAsk(access: AccessFile, personId: string, { id }: Entitlement): boolean {
  return eligibleEntitlements(access, personId).some(({ entitlement }) => entitlement.id === id)
}
