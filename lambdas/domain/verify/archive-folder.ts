import type { ArchivedObject, SignedDigest } from '../archive/daily-digest.ts'
import type { ArchiveLine } from '../archive/line.ts'
import type { LedgerEvent } from '../ledger.ts'

/** A line as it was read back, or why it could not be. */
export type ReadLine =
  | { readonly outcome: 'read'; readonly line: ArchiveLine; readonly event?: LedgerEvent | undefined }
  | { readonly outcome: 'unreadable'; readonly why: string }

export interface ReadPart extends ArchivedObject {
  readonly lines: readonly ReadLine[]
}

export type ReadDigest =
  | { readonly outcome: 'read'; readonly file: string; readonly digest: SignedDigest }
  | { readonly outcome: 'unreadable'; readonly file: string; readonly why: string }

/** The archive as it lies in a folder, or anywhere it can be read from without asking Lapse. */
export interface ArchiveFolder {
  readonly digests: readonly ReadDigest[]
  /** Keys of all parts that are there. */
  readonly parts: readonly string[]
  readPart(key: string): ReadPart
  /** The manifests of packs that are there. */
  readonly manifests: readonly ArchivedObject[]
  /** Whether the signature is that of a key that is trusted. */
  isSigned(digest: SignedDigest): boolean
}
