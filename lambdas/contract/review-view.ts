import { toInstant } from '../domain/instant.ts'
import type { Manifest } from '../domain/review/manifest.ts'
import type { Pack, ReviewRecord } from '../domain/review/review-record.ts'

/** A review as the API answers it. */
export function reviewView({ pack, requestedAt, ...review }: ReviewRecord) {
  return { ...review, requestedAt: toInstant(requestedAt), pack: pack && packView(pack) }
}

/** The manifest as the API answers it. */
export function manifestView({ from, to, producedAt, ...manifest }: Manifest) {
  return { ...manifest, from: toInstant(from), to: toInstant(to), producedAt: toInstant(producedAt) }
}

function packView({ producedAt, ...pack }: Pack) {
  return { ...pack, producedAt: toInstant(producedAt) }
}
