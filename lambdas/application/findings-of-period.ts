import type { Finding } from '../domain/findings/finding.ts'
import type { Period } from '../domain/period.ts'
import { byText } from '../domain/review/grouped.ts'
import type { FindingQuery, FindingStore } from './ports/finding-store.ts'

/** No finding is older: there was no Lapse that noted any. One that was closed in a period may have been open for years. */
const FIRST_FINDINGS = new Date('2026-01-01T00:00:00Z')

/**
 * The findings that were open at some time of a period, in the order in which they were opened: there is at most one open of a rule
 * about a person, so there are few.
 */
export async function findingsOfPeriod(
  store: Pick<FindingStore, 'list'>,
  { from, to }: Period,
): Promise<readonly Finding[]> {
  const all = [...(await every(store, 'open')), ...(await every(store, 'closed'))]
  // One that is closed between the two looks is in both.
  const each = new Map(all.map(finding => [finding.id, finding]))
  return [...each.values()]
    .filter(({ openedAt, closed }) => openedAt < to && (!closed || closed.at >= from))
    .sort((one, other) => byText(one.id, other.id))
}

async function every(store: Pick<FindingStore, 'list'>, state: FindingQuery['state']): Promise<readonly Finding[]> {
  const found: Finding[] = []
  let after: string | undefined
  do {
    const page = await store.list({ state, limit: 100, after, since: FIRST_FINDINGS })
    found.push(...page.findings)
    after = page.next
  } while (after !== undefined)
  return found
}
