import type { AccessFile } from '../access-file.ts'
import type { LedgerEvent } from '../ledger.ts'
import type { Period } from '../period.ts'
import type { Request } from '../request.ts'

/** A request as it stands, with all its events, oldest first. */
export interface History {
  readonly request: Request
  readonly events: readonly LedgerEvent[]
}

/** What a lens may know beside the histories; only `finish` sees it, so that a partial pass needs none of it. */
export interface ReviewContext {
  /** The access file in force when the review is made. */
  readonly access: AccessFile
  readonly period: Period
  readonly now: Date
}

/**
 * One question of the check-in, answered by looking at every history once.
 *
 * Lenses merge: any partition of the histories, in any order, gives the same result as one pass, so one worker and a distributed
 * map agree. For that a result lists things in an order of their own, never in the order they came.
 * A state belongs to its pass: `add` and `merge` may change what they are given and hand it back, as an accumulator does.
 *
 * @typeParam Result an object with one member, named like the lens; the members of all lenses together are the review.
 */
export interface Lens<State, Result> {
  readonly name: string
  init(): State
  add(state: State, history: History): State
  merge(a: State, b: State): State
  finish(state: State, context: ReviewContext): Result
}

/** Lenses looking at the same histories at once; the result has the members of each. */
export interface Lenses<State, Result> extends Lens<State, Result> {
  and<NextState, NextResult extends object>(
    next: Lens<NextState, NextResult>,
  ): Lenses<readonly [State, NextState], Result & NextResult>
}

/** Begins a list of lenses: `lookingThrough(volume).and(durations)`. */
export function lookingThrough<State, Result extends object>(lens: Lens<State, Result>): Lenses<State, Result> {
  return {
    name: lens.name,
    init: () => lens.init(),
    add: (state, history) => lens.add(state, history),
    merge: (a, b) => lens.merge(a, b),
    finish: (state, context) => lens.finish(state, context),
    and: next => lookingThrough(both(lens, next)),
  }
}

function both<StateA, ResultA extends object, StateB, ResultB extends object>(
  a: Lens<StateA, ResultA>,
  b: Lens<StateB, ResultB>,
): Lens<readonly [StateA, StateB], ResultA & ResultB> {
  return {
    name: `${a.name}, ${b.name}`,
    init: () => [a.init(), b.init()],
    add: ([stateA, stateB], history) => [a.add(stateA, history), b.add(stateB, history)],
    merge: ([a1, b1], [a2, b2]) => [a.merge(a1, a2), b.merge(b1, b2)],
    finish: ([stateA, stateB], context) => ({ ...a.finish(stateA, context), ...b.finish(stateB, context) }),
  }
}
