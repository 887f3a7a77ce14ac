import { describe, expect, it } from '@jest/globals'
import { ulid } from 'ulid'
import { findingsOfPeriod } from '../../lambdas/application/findings-of-period.ts'
import type { Finding } from '../../lambdas/domain/findings/finding.ts'
import { aFinding, keptFinding } from '../support/a-finding.ts'
import { InMemoryFindingStore } from '../support/in-memory-finding-store.ts'

const QUARTER = { name: '2027-Q1', from: new Date('2027-01-01T00:00:00Z'), to: new Date('2027-04-01T00:00:00Z') }

/** Findings by when each was opened and closed; gives when those of the quarter were opened. */
async function inQuarter(
  spans: readonly (readonly [opened: string, closed?: string])[],
  overrides: Partial<Finding> = {},
) {
  const store = new InMemoryFindingStore()
  for (const [opened, closed] of spans) {
    const openedAt = new Date(`${opened}T09:00:00Z`)
    const from = await keptFinding(store, { ...overrides, id: ulid(openedAt.getTime()), openedAt })
    if (closed === undefined) continue
    const to = { ...from, closed: { by: 'adam', at: new Date(`${closed}T09:00:00Z`), comment: 'spoken with her' } }
    await store.write({ records: [], opened: [], changed: [{ from, to }] })
  }
  const found = await findingsOfPeriod(store, QUARTER)
  return found.map(({ openedAt }) => openedAt.toISOString().slice(0, 10))
}

describe('the findings of a period', () => {
  it('REV-16 ANO-05 are those that were open at some time of it', async () => {
    const spans = [
      ['2026-11-01', '2026-12-31'],
      ['2026-11-02', '2027-01-01'],
      ['2026-11-03'],
      ['2027-02-01', '2027-02-02'],
      ['2027-03-31', '2027-05-01'],
      ['2027-04-01'],
    ] as const

    expect(await inQuarter(spans)).toEqual(['2026-11-02', '2026-11-03', '2027-02-01', '2027-03-31'])
  })

  it('REV-16 ANO-05 are all there however long ago it was: a closed finding is never too old for its own period', async () => {
    const store = new InMemoryFindingStore()
    const years = [2026, 2027].map(year => new Date(`${year}-01-15T09:00:00Z`))
    for (const openedAt of years) {
      const from = await keptFinding(store, aFinding({ id: ulid(openedAt.getTime()), openedAt }))
      const to = { ...from, closed: { by: 'adam', at: new Date('2027-01-20T09:00:00Z'), comment: 'spoken with her' } }
      await store.write({ records: [], opened: [], changed: [{ from, to }] })
    }
    const asked: unknown[] = []
    const list: InMemoryFindingStore['list'] = query => {
      asked.push(query.since)
      return store.list(query)
    }

    expect(await findingsOfPeriod({ list }, QUARTER)).toHaveLength(2)
    expect(asked).toEqual([new Date('2026-01-01T00:00:00Z'), new Date('2026-01-01T00:00:00Z')])
  })
})
