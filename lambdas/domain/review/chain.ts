import { verifyChain } from '../ledger.ts'
import { byText } from './grouped.ts'
import type { History, Lens } from './lens.ts'

export interface BrokenChain {
  readonly requestId: string
  /** The first event that does not hold. */
  readonly sequence: number
  readonly detail: string
}

export interface ChainResult {
  readonly chain: {
    /** Requests whose chain was checked: all of them. */
    readonly checked: number
    readonly events: number
    readonly verdict: 'intact' | 'broken'
    readonly broken: readonly BrokenChain[]
  }
}

interface State {
  checked: number
  events: number
  broken: BrokenChain[]
}

/** REV-16. Is the ledger what was written: nothing changed, removed, reordered, cut off? */
export const chain: Lens<State, ChainResult> = {
  name: 'chain',
  init: () => ({ checked: 0, events: 0, broken: [] }),
  add(state, history) {
    state.checked += 1
    state.events += history.events.length
    state.broken.push(...breakOf(history))
    return state
  },
  merge: (a, b) => ({
    checked: a.checked + b.checked,
    events: a.events + b.events,
    broken: [...a.broken, ...b.broken],
  }),
  finish: ({ checked, events, broken }) => ({
    chain: {
      checked,
      events,
      verdict: broken.length === 0 ? 'intact' : 'broken',
      broken: broken.sort((a, b) => byText(a.requestId, b.requestId)),
    },
  }),
}

/** A chain cut off at its end is whole in itself; only the request's own head tells. */
function breakOf({ request, events }: History): readonly BrokenChain[] {
  const { id, lastEvent } = request
  const verdict = verifyChain(id, events)
  if (verdict.outcome === 'broken') return [{ requestId: id, sequence: verdict.sequence, detail: verdict.detail }]
  const { sequence, hash } = verdict.head
  if (sequence === lastEvent.sequence && hash === lastEvent.hash) return []
  const detail = `the request stands at event ${lastEvent.sequence}, its ledger ends with ${sequence}`
  return [{ requestId: id, sequence: Math.min(sequence, lastEvent.sequence) + 1, detail }]
}
