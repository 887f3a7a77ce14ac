import type { AccessFile } from '../domain/access-file.ts'
import { toInstant } from '../domain/instant.ts'
import { type Period, periodNamed } from '../domain/period.ts'
import type { History } from '../domain/review/lens.ts'
import { countsOf, type Edition, type Manifest, type PackFile } from '../domain/review/manifest.ts'
import type { Report } from '../domain/review/report.ts'
import { questions } from '../domain/review/review.ts'
import { sessionOf } from '../domain/review/session.ts'
import { FINDING_COLUMNS } from './finding-table.ts'
import { findingsOfPeriod } from './findings-of-period.ts'
import type { Clock } from './ports/chance.ts'
import type { FindingStore } from './ports/finding-store.ts'
import type { LedgerSource } from './ports/ledger-source.ts'
import { MANIFEST, type ReportStore } from './ports/report-store.ts'
import type { ReviewStore } from './ports/review-store.ts'
import { headingOf, INVENTORY_COLUMNS, linesOf, SESSION_COLUMNS } from './review-tables.ts'

export interface ProduceReviewDeps {
  readonly access: AccessFile
  readonly accessHash: string
  readonly lapseVersion: string
  readonly ledger: LedgerSource
  readonly findings: Pick<FindingStore, 'list'>
  readonly reviews: ReviewStore
  /** Where the pack is read from. */
  readonly reports: ReportStore
  /** Where a second copy of the manifest is locked. */
  readonly archive: ReportStore
  readonly clock: Clock
  /** The readable page, `report.html`. */
  readonly pageOf: (report: Report) => string
}

/**
 * Makes the pack of one edition and records that it is there, or that it broke, and why.
 *
 *   histories ─┬─► sessions.csv (as they come)          memory: one batch of rows, and the states of the lenses, which grow with
 *              └─► lenses ─► inventory.csv, review.json           people, entitlements and weeks, not with requests
 *                        └─► report.html ─► manifest.json ─► archive ─► READY
 *
 * Findings are few and are read beside them. The manifest is written last: an edition without one was never finished.
 */
export async function produceReview(deps: ProduceReviewDeps, edition: Edition): Promise<Manifest> {
  try {
    const period = periodNamed(edition.period, deps.access.timezone)
    if (!period) throw new RangeError(`${edition.period} names no period`)
    return await produce(deps, edition, period)
  } catch (cause) {
    await deps.reviews.failed(edition, cause instanceof Error ? `${cause.name}: ${cause.message}` : 'unknown')
    throw cause
  }
}

async function produce(deps: ProduceReviewDeps, edition: Edition, period: Period): Promise<Manifest> {
  const { access, accessHash, lapseVersion, ledger, reports, archive, clock } = deps
  const put = (name: string, contentType: string, content: AsyncIterable<string>) =>
    reports.put(edition, { name, contentType, content })
  const producedAt = clock.now()
  const pass = { state: questions.init() }
  const sessionsFile = await put('sessions.csv', CSV, sessionLines(ledger.histories(period), pass))
  const review = questions.finish(pass.state, { access, period, now: producedAt })

  const { rows, former } = review.inventory
  const findings = await findingsOfPeriod(deps.findings, period)
  const findingsText = headingOf(FINDING_COLUMNS) + linesOf(FINDING_COLUMNS, findings)
  const inventoryText = headingOf(INVENTORY_COLUMNS) + linesOf(INVENTORY_COLUMNS, [...rows, ...former])
  const about = {
    period: edition.period,
    version: edition.version,
    from: period.from,
    to: period.to,
    producedAt,
    accessHash,
    lapseVersion,
  }
  const files: readonly PackFile[] = [
    { ...(await put('inventory.csv', CSV, once(inventoryText))), rows: rows.length + former.length },
    { ...sessionsFile, rows: review.sessions.count },
    { ...(await put('findings.csv', CSV, once(findingsText))), rows: findings.length },
    await put('review.json', 'application/json', once(jsonOf({ ...about, ...review, findings }))),
  ]
  const page = deps.pageOf({ access, review, findings, files, ...about })
  const manifest: Manifest = {
    ...about,
    files: [...files, await put('report.html', 'text/html; charset=utf-8', once(page))],
    counts: countsOf(review),
    chain: review.chain.verdict,
    lingering: review.timeLimits.lingering.length,
  }
  const manifestText = jsonOf(manifest)
  await archive.put(edition, { name: MANIFEST, contentType: 'application/json', content: once(manifestText) })
  await put(MANIFEST, 'application/json', once(manifestText))
  const { version, counts, chain, lingering } = manifest
  await deps.reviews.ready(edition.period, { version, producedAt, counts, chain, lingering })
  return manifest
}

const CSV = 'text/csv; charset=utf-8'
const BATCH = 500

/** The lines of `sessions.csv` as the histories come by; each is shown to the lenses on its way. */
async function* sessionLines(histories: AsyncIterable<History>, pass: { state: ReturnType<typeof questions.init> }) {
  yield headingOf(SESSION_COLUMNS)
  let batch: ReturnType<typeof sessionOf>[] = []
  for await (const history of histories) {
    pass.state = questions.add(pass.state, history)
    batch.push(sessionOf(history))
    if (batch.length < BATCH) continue
    yield linesOf(SESSION_COLUMNS, batch)
    batch = []
  }
  if (batch.length > 0) yield linesOf(SESSION_COLUMNS, batch)
}

async function* once(text: string) {
  yield text
}

/** Readable JSON, instants in whole seconds. */
function jsonOf(value: unknown): string {
  return `${JSON.stringify(value, spellInstant, 2)}\n`
}

/** A Date reaches a replacer as its ISO text already; `this` still holds the Date. */
function spellInstant(this: unknown, key: string, value: unknown): unknown {
  const before = typeof this === 'object' && this !== null ? Reflect.get(this, key) : undefined
  return before instanceof Date ? toInstant(before) : value
}
