import type { Ask, Refused } from '../domain/evaluate.ts'
import { held } from '../domain/held.ts'
import { type HoldDeps, holdOf } from './hold-of.ts'
import type { FindingStore } from './ports/finding-store.ts'

export interface HeldDeps extends HoldDeps {
  readonly findings: Pick<FindingStore, 'record' | 'find'>
}

/** Refuses who has an open finding that holds, in words for them alone: what was found last is said. */
export async function heldRefusal(
  deps: HeldDeps,
  requester: string,
  { isBreakGlass }: Pick<Ask, 'isBreakGlass'>,
): Promise<Refused | undefined> {
  const hold = await holdOf(deps, { requester, isBreakGlass })
  return hold && held(hold, (await deps.findings.find(hold.findingId))?.latest.at(-1)?.detail)
}
