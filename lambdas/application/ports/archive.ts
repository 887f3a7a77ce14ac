import type { ArchivedObject, DailyDigest, SignedDigest } from '../../domain/archive/daily-digest.ts'
import type { ArchiveLine, ArchiveTable } from '../../domain/archive/line.ts'
import type { PartPlace } from '../../domain/archive/places.ts'

/** Lines of one table and day that belong in the archive. */
export interface StagedDay {
  readonly table: ArchiveTable
  readonly day: string
}

/** What was staged of a day, and what to give back once it is sealed. */
export interface Staged {
  readonly keys: readonly string[]
  readonly lines: readonly ArchiveLine[]
}

/** Where lines wait to be sealed: not locked, written as often as need be. The same lines again are the same object. */
export interface Staging {
  stage(lines: readonly ArchiveLine[]): Promise<void>
  /** A row that nobody can read, kept as it came so that a person can. */
  setAside(name: string, row: unknown): Promise<void>
  /** Days with lines waiting, sorted. */
  days(): Promise<readonly StagedDay[]>
  read(day: StagedDay): Promise<Staged>
  /** Takes away what is sealed. */
  clear(keys: readonly string[]): Promise<void>
}

/** The locked archive: objects are added, never written over. */
export interface Archive {
  /** The parts of a day, by sealing and number. */
  parts(day: StagedDay): Promise<readonly PartPlace[]>
  /** @throws StoredShapeError when a line is none of Lapse's. */
  linesOf(part: PartPlace): Promise<readonly ArchiveLine[]>
  /** @throws when there is such an object already. */
  add(part: PartPlace, lines: readonly ArchiveLine[]): Promise<void>
  describe(part: PartPlace): Promise<ArchivedObject>
  /** The manifests of the packs, sorted by key. */
  manifests(): Promise<readonly ArchivedObject[]>
  lastDigest(): Promise<SignedDigest | undefined>
  /** @throws when that day has one already. */
  keepDigest(digest: SignedDigest): Promise<void>
  /** Keeps the public key beside the digests, if it is not there yet. */
  keepPublicKey(key: PublicKey): Promise<void>
}

export interface PublicKey {
  /** SHA-256 of its DER, 64 hex digits. */
  readonly fingerprint: string
  readonly pem: string
}

/** Signs digests with a private key that nobody can read. */
export interface DigestSigner {
  publicKey(): Promise<PublicKey>
  sign(digest: DailyDigest): Promise<SignedDigest>
}
