import type { Archive, PublicKey, StagedDay } from '../application/ports/archive.ts'
import { digestText, readDigest } from '../contract/daily-digest.ts'
import type { ArchivedObject, SignedDigest } from '../domain/archive/daily-digest.ts'
import type { ArchiveLine } from '../domain/archive/line.ts'
import {
  DIGESTS,
  dayFolder,
  digestKey,
  PACKS,
  type PartPlace,
  partAt,
  partKey,
  publicKeyKey,
} from '../domain/archive/places.ts'
import { sha256 } from '../domain/digest.ts'
import { compressed, decompressed } from './compressed-lines.ts'
import type { Objects } from './objects.ts'

/** The archive in a locked bucket. Every object is added on the condition that it is not there: a second version would be locked too. */
export class ObjectArchive implements Archive {
  readonly #objects: Objects

  constructor(objects: Objects) {
    this.#objects = objects
  }

  async parts({ table, day }: StagedDay): Promise<readonly PartPlace[]> {
    const keys = await this.#objects.keys(dayFolder(table, day))
    return keys
      .flatMap(key => partAt(key) ?? [])
      .sort((a, b) => (a.sealed === b.sealed ? a.part - b.part : a.sealed < b.sealed ? -1 : 1))
  }

  async linesOf(place: PartPlace): Promise<readonly ArchiveLine[]> {
    const key = keyOf(place)
    return decompressed(place.table, key, await this.#objects.read(key))
  }

  async add(place: PartPlace, lines: readonly ArchiveLine[]): Promise<void> {
    await this.#addNew(keyOf(place), compressed(lines), 'application/gzip')
  }

  describe(place: PartPlace): Promise<ArchivedObject> {
    return this.#describe(keyOf(place))
  }

  async manifests(): Promise<readonly ArchivedObject[]> {
    const keys = await this.#objects.keys(PACKS)
    const manifests: ArchivedObject[] = []
    for (const key of keys) if (key.endsWith('/manifest.json')) manifests.push(await this.#describe(key))
    return manifests
  }

  async lastDigest(): Promise<SignedDigest | undefined> {
    const last = (await this.#objects.keys(DIGESTS)).at(-1)
    if (last === undefined) return undefined
    return readDigest(last, new TextDecoder().decode(await this.#objects.read(last)))
  }

  async keepDigest(digest: SignedDigest): Promise<void> {
    await this.#addNew(digestKey(digest.day), digestText(digest), 'application/json')
  }

  async keepPublicKey({ fingerprint, pem }: PublicKey): Promise<void> {
    await this.#objects.add(publicKeyKey(fingerprint), pem, 'application/x-pem-file')
  }

  async #addNew(key: string, content: Buffer | string, contentType: string): Promise<void> {
    if (!(await this.#objects.add(key, content, contentType))) throw new RangeError(`${key} is in the archive already`)
  }

  async #describe(key: string): Promise<ArchivedObject> {
    const content = await this.#objects.read(key)
    return { key, bytes: content.length, sha256: sha256(content) }
  }
}

function keyOf({ table, day, sealed, part }: PartPlace): string {
  return partKey(table, day, sealed, part)
}
