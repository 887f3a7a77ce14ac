import type { Finding } from '../../lambdas/domain/findings/finding.ts'
import type { TrackRecord } from '../../lambdas/domain/findings/track-record.ts'
import type { InMemoryFindingStore } from './in-memory-finding-store.ts'

/** Alice probed what she may not have, and is held. */
export function aFinding(overrides: Partial<Finding> = {}): Finding {
  const openedAt = overrides.openedAt ?? new Date('2027-03-01T09:00:00Z')
  return {
    id: '01MGFND1NG0000000000000001',
    rule: 'ineligible-probing',
    subject: 'alice',
    openedAt,
    count: 1,
    latest: [
      {
        at: openedAt,
        detail: '5 entitlements within an hour that she may not have',
        requestId: '01MG08GPFT0000000000000001',
        sequence: 1,
      },
    ],
    holds: true,
    ...overrides,
  }
}

/** A finding as the watcher leaves it: written together with the record of its subject. */
export async function keptFinding(store: InMemoryFindingStore, overrides: Partial<Finding> = {}): Promise<Finding> {
  const finding = aFinding(overrides)
  const { id, rule, subject, holds } = finding
  const record = await store.record(subject)
  const written = await store.write({
    records: [{ ...record, open: [...record.open, { id, rule, holds }] }],
    opened: [finding],
    changed: [],
  })
  if (written === 'stale') throw new Error(`finding ${id} is there already`)
  return finding
}

/** The same found once more, as the watcher adds it. */
export async function foundAgain(store: InMemoryFindingStore, id: string, detail = 'again'): Promise<void> {
  const from = await store.find(id)
  if (!from) throw new Error(`there is no finding ${id}`)
  const record = await store.record(from.subject)
  const latest = [...from.latest, { at: from.openedAt, detail }]
  const to = { ...from, count: from.count + 1, latest }
  await store.write({ records: [record], opened: [], changed: [{ from, to }] })
}

export function heldBy({ open }: TrackRecord): readonly string[] {
  return open.filter(({ holds }) => holds).map(({ id }) => id)
}
