import { knownRisks, type Risk, risksOf } from '../entitlement-lint/risks.ts'
import { isOfAnotherWay } from './easier-ways.ts'
import type { Flaw, Path } from './flaw.ts'
import { nearestName } from './nearest-name.ts'
import type { SoundEntitlement } from './sound-parts.ts'

/** Risks of an entitlement that nobody has accepted in words, and acknowledgements of risks that it does not have. */
export function acknowledgementFlaws(
  id: string,
  { statements, managedPolicy, acknowledged }: SoundEntitlement,
): readonly Flaw[] {
  const own: Path = ['entitlements', id]
  const risks = risksOf(statements)
  const accepted = new Set(acknowledged.map(each => each?.risk))
  // A broken acknowledgement has its flaw already; which risk it meant is not known.
  const isWhole = acknowledged.every(each => each !== undefined)
  return [
    ...(isWhole
      ? risks
          .filter(risk => !accepted.has(risk.id))
          .map(risk => (managedPolicy ? unacceptedCopy(own, risk) : unaccepted(own, risk)))
      : []),
    ...superfluous([...own, 'acknowledged'], { statements, acknowledged }, risks),
  ]
}

function unaccepted(own: Path, { id, why, at }: Risk): Flaw {
  return {
    path: [...own, 'statements', at.statement, 'actions', at.action],
    on: 'value',
    message: at.pattern === id ? `${id} ${why}` : `${at.pattern} opens the risk ${id}: it ${why}`,
    fix: `take it out, or say why it is acceptable: acknowledged: [{ risk: "${id}", because: … }]`,
  }
}

function unacceptedCopy(own: Path, { id, why, at }: Risk): Flaw {
  return {
    path: [...own, 'managedPolicy'],
    on: 'value',
    message: `${at.pattern} in its statement ${at.statement + 1} opens the risk ${id}: it ${why}`,
    fix: `name another policy, or say why it is acceptable: acknowledged: [{ risk: "${id}", because: … }]`,
  }
}

function superfluous(
  path: Path,
  { statements, acknowledged }: Pick<SoundEntitlement, 'statements' | 'acknowledged'>,
  risks: readonly Risk[],
): readonly Flaw[] {
  // A broken statement may be the one the risk is of.
  if (statements.some(statement => statement === undefined)) return []
  const present = risks.map(risk => risk.id)
  return acknowledged.flatMap((each, index): readonly Flaw[] => {
    if (!each) return []
    const at: Path = [...path, index, 'risk']
    const isTwice = acknowledged.slice(0, index).some(earlier => earlier?.risk === each.risk)
    if (isTwice) return [{ path: at, on: 'value', message: `${each.risk} is acknowledged twice`, fix: 'keep one' }]
    // Whether another way is easier can be said only once every name is known.
    if (present.includes(each.risk) || isOfAnotherWay(each.risk)) return []
    if (!knownRisks().includes(each.risk)) {
      const nearest = nearestName(each.risk, present)
      const fix = nearest ? `did you mean ${nearest}` : 'name a risk as the error about it does, or take it out'
      return [{ path: at, on: 'value', message: `there is no risk ${each.risk}`, fix }]
    }
    const message = `the statements do not open the risk ${each.risk}`
    return [{ path: at, on: 'value', message, fix: 'take it out: what is acknowledged must be there' }]
  })
}
