import { type AccessFile, type Entitlement, peopleOf, type Stage } from '../../lambdas/domain/access-file.ts'
import { askedStages, unmannedStage } from '../../lambdas/domain/asked-stages.ts'
import { mayAsk } from './asking-people.ts'
import type { Flaw, Path } from './flaw.ts'

/**
 * Stages that could not be passed: too few people, too few once the one who asks does not count, or none left because one person
 * answers in one stage only. Needs a file whose references are right. Delegations are looked at elsewhere.
 */
export function approverFlaws(access: AccessFile): readonly Flaw[] {
  const settled: AccessFile = { ...access, delegations: [] }
  return Object.values(access.entitlements).flatMap(entitlement => {
    const flaws = entitlement.stages.flatMap((stage, index) => {
      const path: Path = ['entitlements', entitlement.id, 'approval', 'stages', index]
      return stageFlaws(settled, entitlement, stage, path)
    })
    return flaws.length > 0 ? flaws : contestedFlaws(settled, entitlement)
  })
}

function stageFlaws(access: AccessFile, entitlement: Entitlement, stage: Stage, path: Path): readonly Flaw[] {
  const first = peopleOf(access, stage.approvers)
  const approvers = peopleOf(access, [...stage.approvers, ...(stage.escalateTo ?? [])])
  if (stage.escalateTo && approvers.length === first.length) {
    const fix = 'name somebody else, or take escalateTo out'
    const message = 'everybody who would be asked too is asked from the beginning'
    return [{ path: [...path, 'escalateTo'], on: 'value', message, fix }]
  }
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

/** Stages that have people enough, each for itself, and not together. */
function contestedFlaws(access: AccessFile, entitlement: Entitlement): readonly Flaw[] {
  const stuckFor = (requester: string) => unmannedStage(askedStages(access, requester, entitlement, new Date(0)))
  const always = stuckFor('')
  if (always) {
    const message = `one person answers in one stage only, and too few are left for ${always.name}`
    return [contested(entitlement, always.name, message, 'add approvers, or lower a quorum')]
  }
  const named = peopleOf(
    access,
    entitlement.stages.flatMap(({ approvers, escalateTo = [] }) => [...approvers, ...escalateTo]),
  )
  const stuck = named.flatMap(({ id }) => (mayAsk(access, id, entitlement) && stuckFor(id) ? [id] : []))
  const [first] = stuck
  if (first === undefined) return []
  const stage = stuckFor(first)?.name ?? ''
  const message = `one person answers in one stage only, and too few are left for ${stage} when ${stuck.join(' or ')} asks`
  return [contested(entitlement, stage, message, `add approvers, or keep ${stuck.join(' and ')} out by a deny rule`)]
}

function contested({ id, stages }: Entitlement, name: string, message: string, fix: string): Flaw {
  const index = stages.findIndex(stage => stage.name === name)
  return { path: ['entitlements', id, 'approval', 'stages', index, 'approvers'], on: 'value', message, fix }
}
