import { byText, firstOf } from './grouped.ts'
import type { Lens } from './lens.ts'
import { type Session, sessionOf } from './session.ts'

/** How many sessions `review.json` and the page show. `sessions.csv` has every one. */
export const SHOWN_SESSIONS = 200

export interface SessionsResult {
  readonly sessions: {
    readonly count: number
    /** The first by request id, which is the order of asking. */
    readonly shown: readonly Session[]
  }
}

interface State {
  count: number
  shown: Session[]
}

/** REV-03. Who had what, why, by whose leave, from when to when? */
export const sessions: Lens<State, SessionsResult> = {
  name: 'sessions',
  init: () => ({ count: 0, shown: [] }),
  add(state, history) {
    state.count += 1
    state.shown.push(sessionOf(history))
    if (state.shown.length >= 2 * SHOWN_SESSIONS) state.shown = firstOf(state.shown, SHOWN_SESSIONS, byRequest)
    return state
  },
  merge: (a, b) => ({ count: a.count + b.count, shown: firstOf([...a.shown, ...b.shown], SHOWN_SESSIONS, byRequest) }),
  finish: ({ count, shown }) => ({ sessions: { count, shown: firstOf(shown, SHOWN_SESSIONS, byRequest) } }),
}

function byRequest(a: Session, b: Session): number {
  return byText(a.requestId, b.requestId)
}
