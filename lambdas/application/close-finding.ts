import type { AccessFile } from '../domain/access-file.ts'
import { type Closed, closeFinding } from '../domain/findings/closing.ts'
import type { Finding } from '../domain/findings/finding.ts'
import type { Clock } from './ports/chance.ts'
import type { FindingStore } from './ports/finding-store.ts'
import { MOST_ATTEMPTS } from './record.ts'

export interface CloseFindingDeps {
  readonly access: AccessFile
  readonly findings: Pick<FindingStore, 'find' | 'record' | 'write'>
  readonly clock: Clock
}

export type FindingClosed =
  | { readonly outcome: 'closed'; readonly finding: Finding }
  | { readonly outcome: 'unknown' }
  | Extract<Closed, { readonly outcome: 'refused' }>

/**
 * A person closes a finding, with what they found out: the finding, and the record by which its subject is held, in one transaction.
 * When it was found once more in between, it is closed with that in it.
 */
export async function closeFindingOf(
  { access, findings, clock }: CloseFindingDeps,
  id: string,
  { by, comment }: { readonly by: string; readonly comment: string },
): Promise<FindingClosed> {
  for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt += 1) {
    const from = await findings.find(id)
    if (!from) return { outcome: 'unknown' }
    const record = await findings.record(from.subject)
    const closed = closeFinding(access, from, record, { by, at: clock.now(), comment })
    if (closed.outcome === 'refused') return closed
    const { finding: to } = closed
    const written = await findings.write({ records: [closed.record], opened: [], changed: [{ from, to }] })
    if (written === 'written') return { outcome: 'closed', finding: to }
  }
  throw new ContendedFindingError(id)
}

/** It was found again so often at once that nobody could close it. Nothing was written; try again. */
export class ContendedFindingError extends Error {
  override readonly name = 'ContendedFindingError'

  constructor(id: string) {
    super(`finding ${id} or the record of its subject changed ${MOST_ATTEMPTS} times while it was closed`)
  }
}
