import { canonical, sha256 } from '../digest.ts'

/** An object of the archive as it was written. */
export interface ArchivedObject {
  /** `events/day=2027-03-01/2027-03-01-1.jsonl.gz` */
  readonly key: string
  readonly bytes: number
  /** Of the object as it lies there, 64 hex digits. */
  readonly sha256: string
}

/** Where the ledger of a request stood. */
export interface RequestHead {
  readonly requestId: string
  readonly sequence: number
  readonly hash: string
}

/**
 * What was added to the archive when a day was sealed. Each names the one before, so that one left out shows; a signature over its
 * hash makes it Lapse's. What came late is in the digest of the day it was sealed with.
 */
export interface DailyDigest {
  /** UTC day that was sealed, `2027-03-01`. There is one of every day. */
  readonly day: string
  readonly previousHash: string
  /** The objects this sealing added, sorted by key. */
  readonly objects: readonly ArchivedObject[]
  /** Every request with an event in these objects, sorted by id, with the last of them. */
  readonly heads: readonly RequestHead[]
  /** The manifests of all packs of reviews there were, sorted by key. */
  readonly manifests: readonly ArchivedObject[]
}

/** A digest as it is kept. */
export interface SignedDigest extends DailyDigest {
  readonly hash: string
  readonly signature: {
    readonly algorithm: 'ECDSA_SHA_256'
    /** SHA-256 of the public key (DER, SubjectPublicKeyInfo), 64 hex digits. */
    readonly key: string
    /** Of the canonical JSON of the digest without `hash` and `signature`: DER in base64. */
    readonly value: string
  }
}

/** What the first digest names as the one before it. */
export const NO_DIGEST = '0'.repeat(64)

/** What is signed: the canonical digest without `hash` and `signature`. */
export function signedText({ day, previousHash, objects, heads, manifests }: DailyDigest): string {
  return canonical({
    day,
    previousHash,
    objects: objects.map(plain),
    heads: heads.map(({ requestId, sequence, hash }) => ({ requestId, sequence, hash })),
    manifests: manifests.map(plain),
  })
}

/** SHA-256 of what is signed. */
export function digestHash(daily: DailyDigest): string {
  return sha256(signedText(daily))
}

/** The last event of each request among these, sorted by request. */
export function headsOf(events: Iterable<RequestHead>): readonly RequestHead[] {
  const heads = new Map<string, RequestHead>()
  for (const { requestId, sequence, hash } of events) {
    const before = heads.get(requestId)
    if (!before || before.sequence < sequence) heads.set(requestId, { requestId, sequence, hash })
  }
  return [...heads.values()].sort((a, b) => (a.requestId < b.requestId ? -1 : 1))
}

function plain({ key, bytes, sha256 }: ArchivedObject) {
  return { key, bytes, sha256 }
}
