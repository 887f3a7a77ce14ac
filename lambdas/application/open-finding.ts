import { type AccessFile, own } from '../domain/access-file.ts'
import type { Finding, Occurrence } from '../domain/findings/finding.ts'
import { foundAgain, opened, openingOf, withOpen } from '../domain/findings/found.ts'
import type { Found } from '../domain/findings/judged.ts'
import type { TrackRecord } from '../domain/findings/track-record.ts'
import type { IdSource } from './ports/chance.ts'
import type { FindingChange, FindingStore } from './ports/finding-store.ts'
import type { FindingTeller } from './ports/finding-teller.ts'
import type { Metrics } from './ports/metrics.ts'

export interface OpenFindingDeps {
  readonly access: AccessFile
  readonly findings: Pick<FindingStore, 'record' | 'find' | 'write'>
  readonly teller: FindingTeller
  readonly metrics: Metrics
  readonly ids: Pick<IdSource, 'requestId'>
}

/** Writes at once to the record of one subject. Each try that is stale lost to one that was written. */
export const MOST_WRITES = 30

/** So much was written to a record at once that this found no gap. Nothing was written; try again. */
export class ContendedRecordError extends Error {
  override readonly name = 'ContendedRecordError'

  constructor(subjects: readonly string[]) {
    super(`the records of ${subjects.join(' and ')} changed ${MOST_WRITES} times while one change was tried`)
  }
}

/**
 * Opens a finding, or adds to the open one, by something that no event of the ledger shows, and tells of one that is opened.
 *
 *   record and finding in one write → the bus → the count
 *
 * Called again with the same occurrence it writes nothing, and tells again if the finding was opened by it: so one that died between
 * the write and the telling is told of.
 */
export async function openFinding(deps: OpenFindingDeps, found: Found): Promise<void> {
  for (let attempt = 1; attempt <= MOST_WRITES; attempt += 1) {
    const record = await deps.findings.record(found.subject)
    const change = await changeFor(deps, [record], [found])
    const isKnown = change.opened.length === 0 && change.changed.length === 0
    if (isKnown) return tellOpened(deps, await openedBy(deps, [record], found.occurrence))
    if ((await deps.findings.write(change)) === 'written') return tellOpened(deps, change.opened)
  }
  throw new ContendedRecordError([found.subject])
}

/** What is to be written when something was found: a new finding, or one more occurrence of the open one of that rule and subject. */
export async function changeFor(
  { findings, ids }: Pick<OpenFindingDeps, 'findings' | 'ids'>,
  records: readonly TrackRecord[],
  found: readonly Found[],
): Promise<FindingChange> {
  const after = new Map(records.map(record => [record.subject, record]))
  const begun: Finding[] = []
  const changed: { from: Finding; to: Finding }[] = []
  for (const each of found) {
    const record = after.get(each.subject)
    if (!record) continue
    const from = await openOf(findings, record, each)
    const to = from ? foundAgain(from, each) : opened(ids.requestId(each.occurrence.at), each)
    if (!to) continue
    if (from) changed.push({ from, to })
    else begun.push(to)
    after.set(each.subject, withOpen(record, to))
  }
  return { records: [...after.values()], opened: begun, changed }
}

/** Tells of findings that were opened, then counts them for the alarm. */
export async function tellOpened(
  { access, teller, metrics }: Pick<OpenFindingDeps, 'access' | 'teller' | 'metrics'>,
  findings: readonly Finding[],
): Promise<void> {
  if (findings.length === 0) return
  for (const finding of findings) await teller.tellOpened(finding, own(access.people, finding.subject)?.id)
  await metrics.count({ FindingsOpened: findings.length })
}

/** The open findings of these records that this very occurrence opened. */
export async function openedBy(
  { findings }: Pick<OpenFindingDeps, 'findings'>,
  records: readonly TrackRecord[],
  by: Omit<Occurrence, 'detail'>,
): Promise<readonly Finding[]> {
  const open = await Promise.all(records.flatMap(record => record.open.map(({ id }) => findings.find(id))))
  return open.filter(finding => finding !== undefined).filter(finding => isFirst(finding, by))
}

/** Whether the finding began with this, however often it was found since. */
function isFirst(finding: Finding, by: Omit<Occurrence, 'detail'>): boolean {
  const first = openingOf(finding)
  return (
    first !== undefined &&
    first.requestId === by.requestId &&
    first.sequence === by.sequence &&
    first.at.getTime() === by.at.getTime()
  )
}

async function openOf(
  findings: OpenFindingDeps['findings'],
  { open }: TrackRecord,
  { rule }: Found,
): Promise<Finding | undefined> {
  const known = open.find(each => each.rule === rule)
  const finding = known && (await findings.find(known.id))
  return finding?.closed ? undefined : finding
}
