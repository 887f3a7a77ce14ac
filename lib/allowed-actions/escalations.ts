import type { SensitiveActions } from '../../lambdas/domain/allowed-actions.ts'
import type { Reach } from '../../lambdas/domain/reach.ts'
import { covers, escalationsOf } from '../entitlement-lint/risks.ts'

/** A way to more rights that a statement opens, alone or with others. */
export interface OpenedWay {
  /** Prefix of its first action. */
  readonly service: string
  readonly requires: readonly string[]
  readonly why: string
}

const MOST_EXAMPLES = 3

/**
 * The ways to more rights that each statement opens. One that takes several statements together is told at the first of them that
 * allows its first action.
 */
export function escalationsByStatement(statements: readonly Reach[]): readonly (readonly OpenedWay[])[] {
  const alone = statements.map(statement => escalationsOf([statement]))
  const told = new Set(alone.flat().map(({ id }) => id))
  const spread = escalationsOf(statements).filter(({ id }) => !told.has(id))
  return alone.map((own, index) => [
    ...own.map(({ requires, reaches }) => ({ service: prefixOf(requires), requires, why: reaches })),
    ...spread
      .filter(({ requires: [first = ''] }) => statements.findIndex(each => allows(each, first)) === index)
      .map(({ requires, reaches }) => {
        const why = `${reaches}, together with another statement`
        return { service: prefixOf(requires), requires, why }
      }),
  ])
}

/** Ways that do the same as one. */
export function toldTogether(ways: readonly OpenedWay[]): readonly SensitiveActions[] {
  const groups = Map.groupBy(ways, ({ why }) => why)
  return [...groups].map(([why, group]) => {
    const examples = group.slice(0, MOST_EXAMPLES).map(({ requires }) => requires.join(' + '))
    return { reason: 'escalation', why, count: group.length, examples }
  })
}

function prefixOf([first = '']: readonly string[]): string {
  return first.split(':')[0] ?? first
}

function allows({ actions, exceptActions = [] }: Reach, action: string): boolean {
  return actions.some(pattern => covers(pattern, action)) && !exceptActions.some(pattern => covers(pattern, action))
}
