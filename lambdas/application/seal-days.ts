import { type DailyDigest, headsOf, NO_DIGEST, type SignedDigest } from '../domain/archive/daily-digest.ts'
import { type ArchiveLine, byPlace, dayAfter, dayBefore, dayOf } from '../domain/archive/line.ts'
import type { PartPlace } from '../domain/archive/places.ts'
import type { Archive, DigestSigner, Staged, StagedDay, Staging } from './ports/archive.ts'
import type { Clock } from './ports/chance.ts'
import type { Metrics } from './ports/metrics.ts'

export interface SealDeps {
  readonly staging: Staging
  readonly archive: Archive
  readonly signer: DigestSigner
  readonly metrics: Metrics
  readonly clock: Clock
}

/** What one digest says, in figures. */
export interface Sealed {
  readonly day: string
  readonly objects: number
  readonly heads: number
}

const NOTHING: Staged = { keys: [], lines: [] }

/** Lines of one object; 200,000 events are some 70 MB before they are compressed. */
const LINES_PER_PART = 200_000

/**
 * Seals every day that is over and has no digest yet, oldest first.
 *
 *   staged lines ─► not in the archive yet, sorted ─► parts ─► digest, signed ─► staging cleared
 *                                                       │          │                │
 *   broken off here: parts bear the sealing's name and ─┘          │   staged again or cleared late: the lines are
 *   are taken into its digest the next time ───────────────────────┘   in the archive already, nothing is added
 *
 * Invariant: what was staged is in the archive once, however often this runs or breaks off.
 * Invariant: a run is counted only when every day that is over has its digest.
 */
export async function sealDays(deps: SealDeps): Promise<readonly Sealed[]> {
  const { archive, signer, metrics, clock } = deps
  await archive.keepPublicKey(await signer.publicKey())
  const today = dayOf(clock.now())
  let previous = await archive.lastDigest()
  const sealed: Sealed[] = []
  // With a digest of a day to come there would be nothing to do until then, and nobody would be told.
  if (previous && previous.day >= today) throw new RangeError(`there is a digest of ${previous.day}, which is not over`)
  const first = previous ? dayAfter(previous.day) : await firstDay(deps, today)
  for (let day = first; day < today; day = dayAfter(day)) {
    previous = await sealDay(deps, { sealed: day, isLast: dayAfter(day) === today }, previous)
    sealed.push({ day, objects: previous.objects.length, heads: previous.heads.length })
  }
  await metrics.count({ SealHeartbeat: 1 })
  return sealed
}

/** The archive begins with yesterday, or with the oldest day that waits. */
async function firstDay({ staging }: SealDeps, today: string): Promise<string> {
  const yesterday = dayBefore(today)
  // Days are sorted.
  const [oldest] = await staging.days()
  return oldest && oldest.day < yesterday ? oldest.day : yesterday
}

interface Sealing {
  /** The day it is of. */
  readonly sealed: string
  /** Whether it is of yesterday: after nights on which nothing ran there are others before it. */
  readonly isLast: boolean
}

/** Requests wait for the last sealing of a run: one that ended today has events that no digest before the next night's can have. */
async function sealDay(
  deps: SealDeps,
  { sealed, isLast }: Sealing,
  previous: SignedDigest | undefined,
): Promise<SignedDigest> {
  const { staging, archive, signer } = deps
  const waiting = (await staging.days()).filter(({ day }) => day <= sealed)
  const added: PartPlace[] = []
  const events: ArchiveLine[] = []
  const cleared: string[] = []
  for (const day of waiting) {
    const isDue = isLast || day.table === 'events'
    const { keys, lines } = isDue ? await staging.read(day) : NOTHING
    const parts = await addTo(archive, day, sealed, lines)
    for (const { place, lines: written } of parts) {
      added.push(place)
      if (place.table === 'events') for (const line of written) events.push(line)
    }
    cleared.push(...keys)
  }
  const objects = await Promise.all(added.map(place => archive.describe(place)))
  const digest: DailyDigest = {
    day: sealed,
    previousHash: previous?.hash ?? NO_DIGEST,
    objects: objects.sort((a, b) => (a.key < b.key ? -1 : 1)),
    heads: headsOf(events),
    manifests: await archive.manifests(),
  }
  const signed = await signer.sign(digest)
  await archive.keepDigest(signed)
  await staging.clear(cleared)
  return signed
}

interface WrittenPart {
  readonly place: PartPlace
  readonly lines: readonly ArchiveLine[]
}

/** Adds the lines that the day does not hold yet; gives all parts of this sealing, those of a run that broke off too. */
async function addTo(
  archive: Archive,
  day: StagedDay,
  sealed: string,
  lines: readonly ArchiveLine[],
): Promise<readonly WrittenPart[]> {
  const there = await archive.parts(day)
  const known = new Set<string>()
  const own: WrittenPart[] = []
  for (const place of there) {
    const kept = await archive.linesOf(place)
    for (const { text } of kept) known.add(text)
    if (place.sealed === sealed) own.push({ place, lines: kept })
  }
  const missing = [...new Map(lines.map(line => [line.text, line])).values()].filter(({ text }) => !known.has(text))
  missing.sort(byPlace)
  for (let start = 0; start < missing.length; start += LINES_PER_PART) {
    const part: WrittenPart = {
      place: { ...day, sealed, part: own.length + 1 },
      lines: missing.slice(start, start + LINES_PER_PART),
    }
    await archive.add(part.place, part.lines)
    own.push(part)
  }
  return own
}
