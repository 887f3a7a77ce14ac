import type { Hold } from '../domain/held.ts'
import type { Request } from '../domain/request.ts'
import type { FindingStore } from './ports/finding-store.ts'

export interface HoldDeps {
  readonly findings: Pick<FindingStore, 'record'>
}

/**
 * The open finding that holds back what somebody asks for, if one does. Of several, the one that was opened first.
 *
 * Invariant: an emergency is never held back.
 */
export async function holdOf(
  { findings }: HoldDeps,
  { requester, isBreakGlass }: Pick<Request, 'requester' | 'isBreakGlass'>,
): Promise<Hold | undefined> {
  if (isBreakGlass) return undefined
  const { open } = await findings.record(requester)
  const holding = open.find(({ holds }) => holds)
  return holding && { findingId: holding.id, rule: holding.rule }
}
