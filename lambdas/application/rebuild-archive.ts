import {
  type ArchiveLine,
  type ArchiveTable,
  dayAfter,
  dayOf,
  lineOfEvent,
  lineOfRequest,
} from '../domain/archive/line.ts'
import { sha256 } from '../domain/digest.ts'
import { isOver, plusSeconds } from '../domain/instant.ts'
import type { LedgerEvent } from '../domain/ledger.ts'
import type { Period } from '../domain/period.ts'
import { isOpen } from '../domain/request.ts'
import type { Archive, StagedDay, Staging } from './ports/archive.ts'
import type { Clock } from './ports/chance.ts'
import type { LedgerSource } from './ports/ledger-source.ts'

export interface RebuildDeps {
  readonly ledger: LedgerSource
  readonly staging: Staging
  readonly archive: Archive
  readonly clock: Clock
}

/** How the archive differs from the table. */
export interface Difference {
  /** Lines the table gives. */
  readonly lines: number
  /**
   * Lines that neither the archive nor the staging had; they are staged now, the next sealing adds them. Those of a request that
   * changed a moment ago are left to the stream, which has not shown them yet.
   */
  readonly missing: Readonly<Record<ArchiveTable, number>>
  /** Events of these requests that the archive has and the table does not, or otherwise than they were first written; at most 100 named. */
  readonly foreign: readonly { readonly requestId: string; readonly sequence: number }[]
}

const MOST_NAMED = 100
/** Lines held back before they are staged. */
const BATCH = 10_000
/** The stream gathers for a minute, and the comparing reads for some. */
const ON_ITS_WAY_SECONDS = 20 * 60

/**
 * Makes the archive of the requests asked in a period anew from the table, and stages what it lacks: what a stream that was off for
 * longer than it keeps its records never showed.
 */
export async function rebuildArchive(deps: RebuildDeps, period: Period): Promise<Difference> {
  const archived = await hashesOf(deps, period)
  const taken = new Set([...archived.values()].map(placeOf))
  const ids = new Set<string>()
  const missing = { events: 0, requests: 0 }
  let lines = 0
  let waiting: ArchiveLine[] = []
  for await (const { request, events } of deps.ledger.histories(period)) {
    ids.add(request.id)
    const all = [...events.map(lineOfEvent), ...(isOpen(request) ? [] : [lineOfRequest(request)])]
    lines += all.length
    const isOnItsWay = hasJustChanged(events, deps.clock.now())
    for (const line of all) {
      if (archived.delete(sha256(line.text)) || isOnItsWay) continue
      // Another event than was written first: the archive keeps the first, and it is foreign to the table.
      if (line.table === 'events' && taken.has(placeOf(line))) continue
      missing[line.table] += 1
      waiting.push(line)
    }
    if (waiting.length < BATCH) continue
    await deps.staging.stage(waiting)
    waiting = []
  }
  if (waiting.length > 0) await deps.staging.stage(waiting)
  const foreign = [...archived.values()].filter(
    ({ table, requestId, sequence, day }) =>
      table === 'events' && (ids.has(requestId) || (sequence === 1 && isDayWithin(period, day))),
  )
  return {
    lines,
    missing,
    foreign: foreign.slice(0, MOST_NAMED).map(({ requestId, sequence }) => ({ requestId, sequence })),
  }
}

function placeOf({ table, requestId, sequence }: Pick<ArchiveLine, 'table' | 'requestId' | 'sequence'>): string {
  return `${table} ${requestId} ${sequence}`
}

/** Not of an event of a time to come: only somebody else writes such, and it would be left for ever. */
function hasJustChanged(events: readonly LedgerEvent[], now: Date): boolean {
  const last = events.at(-1)
  return last !== undefined && last.at <= now && !isOver(plusSeconds(last.at, ON_ITS_WAY_SECONDS), now)
}

/** What the archive and the staging hold from the first day of the period on, by the hash of the line. */
async function hashesOf({ archive, staging, clock }: RebuildDeps, { from }: Period) {
  const held = new Map<string, Omit<ArchiveLine, 'text' | 'hash'>>()
  const keep = (lines: readonly ArchiveLine[]) => {
    for (const { table, day, requestId, sequence, text } of lines) {
      held.set(sha256(text), { table, day, requestId, sequence })
    }
  }
  const today = dayOf(clock.now())
  for (let day = dayOf(from); day <= today; day = dayAfter(day)) {
    for (const table of ['events', 'requests'] as const) {
      for (const part of await archive.parts({ table, day })) keep(await archive.linesOf(part))
    }
  }
  const staged: readonly StagedDay[] = (await staging.days()).filter(({ day }) => day >= dayOf(from))
  for (const day of staged) keep((await staging.read(day)).lines)
  return held
}

/** Days wholly in the period: of one that its edges cut it is not told which side an event is on. */
function isDayWithin({ from, to }: Period, day: string): boolean {
  const start = new Date(`${day}T00:00:00Z`)
  return start >= from && plusSeconds(start, 86_400) <= to
}
