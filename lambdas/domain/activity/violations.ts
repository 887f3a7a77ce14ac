import type { Statement } from '../parameters.ts'
import { isInSpan, type Span } from './books.ts'
import type { Call } from './call.ts'
import { allowsAction, surelyAllows } from './granted.ts'

/** An action of the grant that was done when the grant was not in force, with what shows it. */
export interface Violation {
  readonly eventId: string
  readonly action: string
  readonly at: Date
  readonly when: 'before-start' | 'after-end'
  readonly resources: readonly string[]
}

/** Another grant of the same person: when it could be used, and for what; without statements, for anything. */
export interface OtherGrant extends Span {
  readonly statements: readonly Statement[] | undefined
}

/** Calls that succeeded outside the window, that the grant allows, and that no other grant of the person does. */
export function callsOutside(
  calls: readonly Call[],
  window: Span,
  statements: readonly Statement[],
  others: readonly OtherGrant[],
): readonly Call[] {
  return calls.filter(
    call =>
      call.error === undefined &&
      !isInSpan(window, call.at) &&
      surelyAllows(statements, call) &&
      !isOfAny(others, call),
  )
}

function isOfAny(grants: readonly OtherGrant[], { action, at }: Call): boolean {
  return grants.some(
    ({ from, until, statements }) => isInSpan({ from, until }, at) && (!statements || allowsAction(statements, action)),
  )
}

/**
 * Of calls outside the window those the person did not do anyway: an action that succeeded on the day before, and not with another
 * grant, is one of standing rights.
 */
export function violationsAmong(
  outside: readonly Call[],
  window: Span,
  baseline: readonly Call[],
  others: readonly OtherGrant[],
): readonly Violation[] {
  const standing = baseline.filter(call => call.error === undefined && !isOfAny(others, call))
  const usual = new Set(standing.map(({ action }) => action))
  return outside
    .filter(({ action }) => !usual.has(action))
    .map(({ eventId, action, at, resources }) => {
      const when = at < window.from ? 'before-start' : 'after-end'
      return { eventId, action, at, when, resources }
    })
}
