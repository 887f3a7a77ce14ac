import { type ArchivedObject, digestHash, NO_DIGEST, type SignedDigest } from '../archive/daily-digest.ts'
import { dayAfter, dayBefore } from '../archive/line.ts'
import { digestKey } from '../archive/places.ts'
import type { ArchiveFolder, ReadDigest } from './archive-folder.ts'
import type { Finding } from './finding.ts'

/** The digests: each signed, each following the one before, none of any day left out. `until` is the last day one is expected of. */
export function verifyDigests(
  { digests, isSigned }: Pick<ArchiveFolder, 'digests' | 'isSigned'>,
  until: string | undefined,
): readonly Finding[] {
  const findings: Finding[] = []
  let previous: SignedDigest | undefined
  for (const read of inOrder(digests)) {
    if (read.outcome === 'unreadable') {
      findings.push({ file: read.file, what: read.why })
      continue
    }
    const { digest, file } = read
    const found = (what: string) => findings.push({ file, what })
    if (file !== digestKey(digest.day)) found(`holds the digest of ${digest.day}`)
    if (digestHash(digest) !== digest.hash) found('the digest was changed')
    if (!isSigned(digest)) found('the digest is not signed by a key that is trusted')
    if (digest.previousHash !== (previous?.hash ?? NO_DIGEST)) {
      found('the digest does not follow the one before it')
      if (!previous) findings.push({ file: digestKey(dayBefore(digest.day)), what: 'the digest is missing' })
    }
    if (previous) {
      findings.push(...daysBetween(previous.day, digest.day), ...forgotten(previous, digest, file))
    }
    previous = digest
  }
  if (previous === undefined) findings.push({ file: digestKey(until ?? '*'), what: 'there is no digest at all' })
  else if (until !== undefined) findings.push(...daysBetween(previous.day, dayAfter(until)))
  return findings
}

function inOrder(digests: readonly ReadDigest[]): readonly ReadDigest[] {
  return digests.toSorted((a, b) => (a.file < b.file ? -1 : 1))
}

/** Days of a gap that are named one by one: a digest of the year 9000 is a gap of millions. */
const MOST_DAYS_NAMED = 366

function daysBetween(last: string, next: string): readonly Finding[] {
  const missing: Finding[] = []
  let day = dayAfter(last)
  for (; day < next && missing.length < MOST_DAYS_NAMED; day = dayAfter(day)) {
    missing.push({ file: digestKey(day), what: 'the digest is missing' })
  }
  const isMore = day < next
  return isMore ? [...missing, { file: digestKey(day), what: `the digest is missing, and all until ${next}` }] : missing
}

/** A manifest that was there once is in every later digest, unchanged. */
function forgotten(previous: SignedDigest, digest: SignedDigest, file: string): readonly Finding[] {
  const now = new Map(digest.manifests.map(manifest => [manifest.key, manifest]))
  return previous.manifests.flatMap(before =>
    isSame(now.get(before.key), before) ? [] : [{ file, what: `${before.key} is no longer what it was` }],
  )
}

/** Whether an object is the one that was written. */
export function isSame(object: ArchivedObject | undefined, written: ArchivedObject): boolean {
  return object?.sha256 === written.sha256 && object.bytes === written.bytes
}
