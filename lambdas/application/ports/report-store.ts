import type { Edition, Manifest, PackFile } from '../../domain/review/manifest.ts'

/** A file to be written. Its content may be longer than memory; it is read once. */
export interface NewFile {
  readonly name: string
  readonly contentType: string
  readonly content: AsyncIterable<string>
}

export const MANIFEST = 'manifest.json'

/** Keeps the packs of reviews: in the bucket they are read from, and in the archive where nothing can be changed. */
export interface ReportStore {
  /** Writes the file under the edition, in UTF-8, and gives its length and hash as they were written. */
  put(edition: Edition, file: NewFile): Promise<Omit<PackFile, 'rows'>>
  /** Names of the files of an edition, sorted. */
  list(edition: Edition): Promise<readonly string[]>
  /** The manifest of an edition, or undefined when there is none. @throws StoredShapeError when it is not one. */
  manifest(edition: Edition): Promise<Manifest | undefined>
  /** A link that downloads the file for a while and needs no other proof; it holds a signature, never a secret. */
  link(edition: Edition, file: Pick<PackFile, 'name' | 'contentType'>, expiresInSeconds: number): Promise<string>
}
