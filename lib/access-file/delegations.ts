import { periodNamed } from '../../lambdas/domain/period.ts'
import type { Flaw, Path } from './flaw.ts'
import { nearestName } from './nearest-name.ts'
import type { SoundParts } from './sound-parts.ts'

type Delegation = NonNullable<SoundParts['delegations'][number]>

interface Placed extends Delegation {
  readonly path: Path
}

/** Delegations to or of nobody, for no time, or that leave open who is asked. Days are compared as texts: `2026-12-24`. */
export function delegationFlaws(parts: SoundParts): readonly Flaw[] {
  const placed = parts.delegations.flatMap((delegation, index) =>
    delegation ? [{ ...delegation, path: ['delegations', index] }] : [],
  )
  const broken = placed.flatMap(delegation => ownFlaws(delegation, parts.declared))
  return broken.length > 0 ? broken : [...overlapFlaws(placed), ...circleFlaws(placed)]
}

function ownFlaws({ path, of, to, from, until }: Placed, declared: SoundParts['declared']): readonly Flaw[] {
  const strangers = [...stranger([...path, 'of'], of, declared), ...stranger([...path, 'to'], to, declared)]
  if (strangers.length > 0) return strangers
  if (of === to) {
    const fix = 'name somebody else'
    return [{ path: [...path, 'to'], on: 'value', message: `${of} cannot stand in for themselves`, fix }]
  }
  if (until < from) {
    const message = `the last day ${until} is before the first day ${from}`
    return [{ path: [...path, 'until'], on: 'value', message, fix: `write ${from} or later` }]
  }
  if (periodNamed(`${from}..${until}`, 'UTC')) return []
  const fix = 'write the year as 2026'
  return [{ path: [...path, 'from'], on: 'value', message: `${from} is too long ago`, fix }]
}

function stranger(path: Path, name: string, { people, groups }: SoundParts['declared']): readonly Flaw[] {
  if (people.includes(name)) return []
  if (groups.includes(name)) {
    const fix = 'name one person of it'
    return [{ path, on: 'value', message: `${name} is a group, and people stand in for one another`, fix }]
  }
  const nearest = nearestName(name, people)
  const fix = nearest ? `did you mean ${nearest}` : `add ${name} under people, or use one of ${people.join(', ')}`
  return [{ path, on: 'value', message: `there is no person ${name}`, fix }]
}

function overlapFlaws(placed: readonly Placed[]): readonly Flaw[] {
  return placed.flatMap((delegation, index): readonly Flaw[] => {
    const earlier = placed.slice(0, index).find(other => other.of === delegation.of && atOnce([other, delegation]))
    if (!earlier) return []
    const message = `${delegation.of} has a stand-in from ${earlier.from} until ${earlier.until} already: ${earlier.to}`
    const fix = 'let one begin the day after the other ends'
    return [{ path: delegation.path, on: 'value', message, fix }]
  })
}

/** People who stand in for one another on the same day, each circle once and at the delegation that closes it. */
function circleFlaws(placed: readonly Placed[]): readonly Flaw[] {
  const flaws: Flaw[] = []
  const closed = new Set<string>()
  const follow = (trail: readonly Placed[]): void => {
    const [first, last] = [trail[0], trail.at(-1)]
    if (!first || !last) return
    if (last.to === first.of) {
      const closing = trail.toSorted((a, b) => placed.indexOf(a) - placed.indexOf(b)).at(-1) ?? last
      const key = trail
        .map(each => placed.indexOf(each))
        .sort()
        .join()
      const circle = [...trail.map(({ of }) => of), first.of].join(' → ')
      const message = `people stand in for one another in a circle: ${circle}`
      if (!closed.has(key))
        flaws.push({ path: [...closing.path, 'to'], on: 'value', message, fix: 'name somebody who is there' })
      closed.add(key)
      return
    }
    for (const next of placed) {
      const isPassed = trail.some(({ of }) => of === next.of)
      if (next.of === last.to && !isPassed && atOnce([...trail, next])) follow([...trail, next])
    }
  }
  for (const delegation of placed) follow([delegation])
  return flaws
}

/** Whether there is a day on which all of them hold. */
function atOnce(delegations: readonly Delegation[]): boolean {
  const latest =
    delegations
      .map(({ from }) => from)
      .sort()
      .at(-1) ?? ''
  return delegations.every(({ until }) => latest <= until)
}
