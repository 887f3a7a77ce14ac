import { headsOf, type RequestHead, type SignedDigest } from '../archive/daily-digest.ts'
import { type ArchiveLine, byPlace } from '../archive/line.ts'
import { digestKey, partAt } from '../archive/places.ts'
import type { ArchiveFolder, ReadPart } from './archive-folder.ts'
import { Chains } from './chains.ts'
import { ClosedRequests } from './closed-requests.ts'
import { isSame, verifyDigests } from './digests.ts'
import type { Finding } from './finding.ts'

export interface Verdict {
  readonly findings: readonly Finding[]
  readonly requests: number
  /** Whether any event of the request is there. */
  readonly holds: (requestId: string) => boolean
  readonly events: number
  readonly digests: number
  /** The last day there is a digest of. */
  readonly lastDay?: string | undefined
}

/**
 * Whether the archive is what was written: the signed digests vouch for every object, the objects for every line, the chain of each
 * request for every event. Whatever was changed, left out, put in or moved breaks one of them.
 */
export function verifyArchive(folder: ArchiveFolder, until?: string): Verdict {
  const digests = folder.digests
    .flatMap(read => (read.outcome === 'read' ? [read.digest] : []))
    .toSorted((a, b) => (a.day < b.day ? -1 : 1))
  const last = digests.at(-1)
  const { findings, chains, closed, heads } = readParts(folder, digests)
  return {
    findings: [
      ...verifyDigests(folder, until),
      ...findings,
      ...digests.flatMap(digest => verifyHeads(digest, heads.get(digest.day) ?? [])),
      ...chains.finish(),
      ...closed.finish(chains, last?.day),
      ...verifyManifests(folder, last),
    ],
    holds: requestId => chains.headOf(requestId) !== undefined,
    requests: chains.requests,
    events: chains.events,
    digests: digests.length,
    lastDay: last?.day,
  }
}

/** Reads every part once, in the order of their sealing: each must be the object its digest names, its lines in order. */
function readParts(folder: ArchiveFolder, digests: readonly SignedDigest[]) {
  const written = new Map(digests.flatMap(({ objects }) => objects.map(object => [object.key, object] as const)))
  const missing = new Set(written.keys())
  const findings: Finding[] = []
  const chains = new Chains()
  const closed = new ClosedRequests()
  const heads = new Map<string, RequestHead[]>()
  for (const key of folder.parts.toSorted(bySealing)) {
    const part = folder.readPart(key)
    const object = written.get(key)
    missing.delete(key)
    if (!object) findings.push({ file: key, what: 'the object is in no digest' })
    else if (!isSame(part, object)) findings.push({ file: key, what: 'the object was changed' })
    // One by one: a part may have more lines than a call takes arguments.
    for (const finding of verifyLines(part)) findings.push(finding)
    const events: ArchiveLine[] = []
    for (const read of part.lines) {
      if (read.outcome === 'unreadable') continue
      const { line, event } = read
      if (event) {
        events.push(line)
        findings.push(...chains.add(event, key))
      } else {
        findings.push(...closed.add(line, key))
      }
    }
    const sealed = partAt(key)?.sealed ?? ''
    heads.set(sealed, [...(heads.get(sealed) ?? []), ...headsOf(events)])
  }
  for (const key of missing) findings.push({ file: key, what: 'the object is missing' })
  return { findings, chains, closed, heads }
}

/** In the order of their sealing, so that most events come after the one before them. */
function bySealing(a: string, b: string): number {
  const [one, other] = [partAt(a)?.sealed ?? '', partAt(b)?.sealed ?? '']
  if (one !== other) return one < other ? -1 : 1
  return a < b ? -1 : 1
}

/** Each line in the one spelling there is, in the folder of its day, after the one before it. */
function verifyLines({ key, lines }: ReadPart): readonly Finding[] {
  const place = partAt(key)
  const findings: Finding[] = place ? [] : [{ file: key, what: 'the object has no name of Lapse' }]
  let before: ArchiveLine | undefined
  for (const [index, read] of lines.entries()) {
    if (read.outcome === 'unreadable') {
      findings.push({ file: key, what: `line ${index + 1}: ${read.why}` })
      continue
    }
    const { line } = read
    const { requestId, sequence } = line
    const found = (what: string) => findings.push({ file: key, requestId, sequence, what })
    if (place && (line.table !== place.table || line.day !== place.day)) found('the line lies in a wrong folder')
    if (before && byPlace(before, line) >= 0) found('the line is out of order, or there twice')
    before = line
  }
  return findings
}

/** The digest names where each request stood; what it does not vouch for was put in, what it misses was left out. */
function verifyHeads({ day, heads }: SignedDigest, found: readonly RequestHead[]): readonly Finding[] {
  const file = digestKey(day)
  const present = new Map(headsOf(found).map(head => [head.requestId, head]))
  const findings = heads.flatMap(({ requestId, sequence, hash }): Finding[] => {
    const head = present.get(requestId)
    present.delete(requestId)
    if (!head) return [{ file, requestId, sequence, what: 'the event is missing, and all before it of that day' }]
    if (head.sequence < sequence)
      return [{ file, requestId, sequence: head.sequence + 1, what: 'the event is missing' }]
    if (head.sequence > sequence) return [{ file, requestId, sequence: sequence + 1, what: 'the event was put in' }]
    return head.hash === hash ? [] : [{ file, requestId, sequence, what: 'the event is another one than was written' }]
  })
  const added = [...present.values()].map(({ requestId, sequence }) => ({
    file,
    requestId,
    sequence,
    what: 'the request was put in',
  }))
  return [...findings, ...added]
}

function verifyManifests({ manifests }: ArchiveFolder, last: SignedDigest | undefined): readonly Finding[] {
  const there = new Map(manifests.map(manifest => [manifest.key, manifest]))
  return (last?.manifests ?? []).flatMap(written =>
    isSame(there.get(written.key), written)
      ? []
      : [{ file: written.key, what: 'the manifest is missing, or was changed' }],
  )
}
