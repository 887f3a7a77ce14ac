import { isDeepStrictEqual } from 'node:util'
import type { Entitlement, StatementTemplate } from '../../lambdas/domain/access-file.ts'

type Template = Pick<Entitlement, 'parameters' | 'statements'>

/** One letter of a pattern, a wildcard of it, or a place that is filled later; `begun` are the letters before it that are part of its value. */
type Sign =
  | { readonly kind: 'letter'; readonly letter: string }
  | { readonly kind: 'any' }
  | { readonly kind: 'one' }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'place'; readonly pattern: string; readonly begun: string }

/**
 * Whether the one allows at least what the other does, whatever people fill in. Sure when it says yes: each action with each resource of
 * the other lies within one statement of the one, whose conditions say nothing or the same. What needs two statements together, or a look
 * into a condition, gets a no.
 */
export function allowsAtLeast(one: Template, other: Template): boolean {
  return other.statements.every(theirs =>
    theirs.actions.every(action =>
      theirs.resources.every(resource =>
        one.statements.some(
          ours =>
            isNoStricter(ours, theirs, one, other) &&
            ours.actions.some(pattern =>
              holds(signsOf(pattern.toLowerCase(), {}), signsOf(action.toLowerCase(), {})),
            ) &&
            ours.resources.some(pattern =>
              holds(signsOf(pattern, one.parameters), signsOf(resource, other.parameters)),
            ),
        ),
      ),
    ),
  )
}

function isNoStricter(ours: StatementTemplate, theirs: StatementTemplate, one: Template, other: Template): boolean {
  const exceptions = (each: StatementTemplate) => [each.exceptActions ?? [], each.exceptResources ?? []]
  const hasExceptions = exceptions(ours).flat().length > 0
  if (hasExceptions && !isDeepStrictEqual(exceptions(ours), exceptions(theirs))) return false
  if (!ours.conditions) return true
  return isDeepStrictEqual(filledIn(ours.conditions, one), filledIn(theirs.conditions, other))
}

/** Conditions with the pattern of each place in it, so that places of other names and the same pattern are the same. */
function filledIn(conditions: StatementTemplate['conditions'], { parameters }: Template): unknown {
  const text = JSON.stringify(conditions ?? {})
  return JSON.parse(text, (_, value: unknown) => (typeof value === 'string' ? signsOf(value, parameters) : value))
}

const PART = /\$\{(?<name>[^{}]*)\}|(?<letter>[\s\S])/gu

function signsOf(text: string, parameters: Entitlement['parameters']): readonly Sign[] {
  return [...text.matchAll(PART)].flatMap(({ groups }): readonly Sign[] => {
    const { name, letter = '' } = groups ?? {}
    if (name !== undefined) {
      const pattern = Object.hasOwn(parameters, name) ? parameters[name]?.pattern : undefined
      return pattern === undefined ? [{ kind: 'variable', name }] : placeOf(pattern)
    }
    if (letter === '*') return [{ kind: 'any' }]
    return [letter === '?' ? { kind: 'one' } : { kind: 'letter', letter }]
  })
}

/** Every value of `acme-[a-z]+` begins with `acme-`: known letters, then what is open. */
function placeOf(pattern: string): readonly Sign[] {
  const begun = pattern.includes('|') ? '' : (/^[\w/-]+(?![*?+{])/.exec(pattern)?.[0] ?? '')
  return [...[...begun].map((letter): Sign => ({ kind: 'letter', letter })), { kind: 'place', pattern, begun }]
}

/** Whether everything the narrow pattern matches, the wide one matches. `reached[i]`: the wide one up to `i` has taken the narrow one so far. */
function holds(wide: readonly Sign[], narrow: readonly Sign[]): boolean {
  const after = (reached: ReadonlySet<number>): Set<number> => {
    const open = new Set(reached)
    // Sets are visited in the order of adding, so a row of wildcards is skipped one by one.
    for (const index of open) if (wide[index]?.kind === 'any') open.add(index + 1)
    return open
  }
  let ways = [after(new Set([0]))]
  for (const [position, sign] of narrow.entries()) {
    const next = [...(ways[position] ?? [])].flatMap(index => {
      const by = wide[index]
      if (by?.kind === 'any') return [index]
      return by && takes(by, sign) ? [index + 1] : []
    })
    ways = [...ways, after(new Set([...next, ...filledBy(wide, narrow, ways, position)]))]
  }
  return ways.at(-1)?.has(wide.length) ?? false
}

/** Letters that no parameter is refused for, whatever its pattern. */
const PLAIN = /^[\w/.+=,@-]{1,128}$/

/** Places of the wide pattern that people could fill with the letters that end at this position. */
function filledBy(
  wide: readonly Sign[],
  narrow: readonly Sign[],
  ways: readonly ReadonlySet<number>[],
  position: number,
): readonly number[] {
  if (!wide.some(({ kind }) => kind === 'place')) return []
  return ways.flatMap((reached, start) => {
    const letters = narrow.slice(start, position + 1)
    if (letters.length === 0 || !letters.every(({ kind }) => kind === 'letter')) return []
    const value = letters.map(each => (each.kind === 'letter' ? each.letter : '')).join('')
    if (!PLAIN.test(value)) return []
    return [...reached].flatMap(index => {
      const by = wide[index]
      return by?.kind === 'place' && new RegExp(`^(?:${by.pattern})$`, 'u').test(by.begun + value) ? [index + 1] : []
    })
  })
}

function takes(wide: Sign, narrow: Sign): boolean {
  if (wide.kind === 'one') return narrow.kind === 'letter' || narrow.kind === 'one'
  return wide.kind !== 'any' && isDeepStrictEqual(wide, narrow)
}
