import type { ArchivedObject } from '../archive/daily-digest.ts'
import type { Manifest } from '../review/manifest.ts'
import type { Finding } from './finding.ts'

/** A file of a pack as it lies in a folder. */
export interface FoundFile {
  readonly name: string
  readonly bytes: number
  readonly sha256: string
}

export const MANIFEST_FILE = 'manifest.json'

/** Whether the pack is what its manifest says: each file, and no other. */
export function verifyPack(manifest: Pick<Manifest, 'files'>, found: readonly FoundFile[]): readonly Finding[] {
  const there = new Map(found.map(file => [file.name, file]))
  there.delete(MANIFEST_FILE)
  const findings = manifest.files.flatMap(({ name, bytes, sha256 }): Finding[] => {
    const file = there.get(name)
    there.delete(name)
    if (!file) return [{ file: name, what: 'the file is missing' }]
    return file.bytes === bytes && file.sha256 === sha256 ? [] : [{ file: name, what: 'the file was changed' }]
  })
  const added = [...there.keys()].map(name => ({ file: name, what: 'the file is not in the manifest' }))
  return [...findings, ...added]
}

/** Whether the manifest is the one the archive has of that edition; `vouched` are those of the last signed digest. */
export function verifyManifest(
  { period, version }: Pick<Manifest, 'period' | 'version'>,
  manifest: Omit<FoundFile, 'name'>,
  vouched: readonly ArchivedObject[],
): readonly Finding[] {
  const written = vouched.find(({ key }) => key === `reviews/${period}/${version}/manifest.json`)
  if (!written) return [{ file: MANIFEST_FILE, what: `no digest names a manifest of ${period}, version ${version}` }]
  const isTheSame = written.sha256 === manifest.sha256 && written.bytes === manifest.bytes
  return isTheSame ? [] : [{ file: MANIFEST_FILE, what: 'the manifest is not the one in the archive' }]
}
