import { isFenceKey } from '../../lambdas/domain/fence.ts'
import { fenceCollisions } from '../../lambdas/domain/fence-conditions.ts'
import { placesOf } from '../../lambdas/domain/parameters.ts'
import type { Flaw, Path } from './flaw.ts'
import { nearestName } from './nearest-name.ts'
import type { SoundEntitlement } from './sound-parts.ts'

type Statement = NonNullable<SoundEntitlement['statements'][number]>

/** What IAM leaves as it is or knows itself: `${aws:username}`, `${*}`. What the service fills: `${bucket}`. */
const KNOWN_PLACE = /\$\{(?:[A-Za-z][A-Za-z0-9]*|[A-Za-z0-9-]+:[^{}]+|[*?$])\}/g

/** Places nobody fills, parameters nobody uses, and conditions that are not an entitlement's to set. */
export function statementFlaws(id: string, entitlement: SoundEntitlement): readonly Flaw[] {
  const own: Path = ['entitlements', id]
  return [
    ...entitlement.statements.flatMap((statement, index) =>
      statement && !entitlement.managedPolicy
        ? [
            ...placeFlaws([...own, 'statements', index], statement, entitlement.parameters),
            ...fenceFlaws([...own, 'statements', index], statement),
            ...collisionFlaws([...own, 'statements', index], statement, entitlement.fences),
          ]
        : [],
    ),
    ...sameTagFlaws([...own, 'fences', 'principalTags'], entitlement.fences),
    ...unusedParameters(own, entitlement),
  ]
}

function placeFlaws(path: Path, statement: Statement, parameters: SoundEntitlement['parameters']): readonly Flaw[] {
  return textsOf(path, statement).flatMap(({ path: at, text }): readonly Flaw[] => {
    if (text.replaceAll(KNOWN_PLACE, '').includes('${')) {
      const fix = 'write $, {, a parameter name of letters and digits, }'
      return [{ path: at, on: 'value', message: `${text} has a place that cannot be filled`, fix }]
    }
    // Broken parameters have their flaws already; which names they would have had is not known.
    if (!parameters) return []
    return placesOf({ actions: [], resources: [text] }).flatMap((name): readonly Flaw[] => {
      if (Object.hasOwn(parameters, name)) return []
      const nearest = nearestName(name, Object.keys(parameters))
      const fix = nearest ? `did you mean \${${nearest}}` : `add ${name} under parameters`
      return [{ path: at, on: 'value', message: `there is no parameter ${name} for the place \${${name}}`, fix }]
    })
  })
}

function fenceFlaws(path: Path, { conditions }: Statement): readonly Flaw[] {
  return Object.entries(conditions ?? {}).flatMap(([operator, keys]) =>
    Object.keys(keys)
      .filter(isFenceKey)
      .map((key): Flaw => {
        const fix = 'take it out: Lapse adds time and person to every statement itself'
        return {
          path: [...path, 'conditions', operator, key],
          on: 'key',
          message: `${key} is the fence's own condition`,
          fix,
        }
      }),
  )
}

/** What a fence says stands on every statement; a statement with another word at the same place would lose one of the two. */
function collisionFlaws(path: Path, { conditions }: Statement, fences: SoundEntitlement['fences']): readonly Flaw[] {
  return fenceCollisions(conditions ?? {}, fences ?? {}).map(({ operator, key }) => ({
    path: [...path, 'conditions', operator, key],
    on: 'key',
    message: `${key} is set by the fences of this entitlement already`,
    fix: 'keep one of the two',
  }))
}

/** IAM tells tag keys apart by their letters, not by their case. */
function sameTagFlaws(path: Path, fences: SoundEntitlement['fences']): readonly Flaw[] {
  const keys = Object.keys(fences?.principalTags ?? {})
  const isTwice = (key: string, index: number): boolean =>
    keys.slice(0, index).some(earlier => earlier.toLowerCase() === key.toLowerCase())
  return keys.filter(isTwice).map(key => {
    const message = `the tag ${key} is there twice: upper and lower case count as the same`
    return { path: [...path, key], on: 'key', message, fix: 'keep one' }
  })
}

function unusedParameters(own: Path, { parameters, statements, managedPolicy }: SoundEntitlement): readonly Flaw[] {
  const isWhole = statements.every(statement => statement !== undefined)
  if (!parameters || !isWhole) return []
  const used = new Set(statements.flatMap(statement => (statement ? placesOf(statement) : [])))
  return Object.keys(parameters)
    .filter(name => !used.has(name))
    .map(name => {
      const elsewhere = `write \${${name}} in a resource or condition value, or take the parameter out`
      const fix = managedPolicy ? 'take it out: an AWS-managed policy has no places' : elsewhere
      return { path: [...own, 'parameters', name], on: 'key', message: `no statement uses the parameter ${name}`, fix }
    })
}

/** Every text of a statement in which places are filled. */
function textsOf(path: Path, { resources, conditions }: Statement): readonly { path: Path; text: string }[] {
  return [
    ...resources.map((text, index) => ({ path: [...path, 'resources', index], text })),
    ...Object.entries(conditions ?? {}).flatMap(([operator, keys]) =>
      Object.entries(keys).flatMap(([key, value]) => {
        const at = [...path, 'conditions', operator, key]
        return typeof value === 'string'
          ? [{ path: at, text: value }]
          : value.map((text, index) => ({ path: [...at, index], text }))
      }),
    ),
  ]
}
