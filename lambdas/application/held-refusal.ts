import type { Ask, Refused } from '../domain/evaluate.ts'
import { type Hold, held } from '../domain/held.ts'
import type { FindingStore } from './ports/finding-store.ts'

export interface HeldDeps {
  readonly findings: Pick<FindingStore, 'record' | 'find'>
}

/**
 * Refuses who has an open finding that holds.
 *
 * Invariant: an emergency is never held back.
 */
export async function heldRefusal(
  { findings }: HeldDeps,
  requester: string,
  { isBreakGlass }: Pick<Ask, 'isBreakGlass'>,
): Promise<Refused | undefined> {
  if (isBreakGlass) return undefined
  const { open } = await findings.record(requester)
  const holding = open.find(({ holds }) => holds)
  if (!holding) return undefined
  const { id, rule } = holding
  const hold: Hold = { findingId: id, rule, says: (await findings.find(id))?.latest.at(-1)?.detail }
  return held(hold)
}
