import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { $Manifest } from '../../lambdas/contract/review.ts'
import type { ArchivedObject } from '../../lambdas/domain/archive/daily-digest.ts'
import type { Finding } from '../../lambdas/domain/verify/finding.ts'
import { type FoundFile, MANIFEST_FILE, verifyManifest, verifyPack } from '../../lambdas/domain/verify/pack.ts'
import { WrongUseError } from '../errors.ts'
import { filesBelow, isFolder } from './files-below.ts'

export interface PackVerdict {
  readonly findings: readonly Finding[]
  readonly files: number
}

/** The pack of a review in a folder; with the manifests of a signed digest, whether its own manifest is the one that was written. */
export function verifyPackFolder(folder: string, vouched: readonly ArchivedObject[] | undefined): PackVerdict {
  if (!isFolder(folder)) throw new WrongUseError(`there is no folder ${folder}`)
  const found = filesBelow(folder).map(name => foundFile(folder, name))
  const files = found.length
  const own = found.find(({ name }) => name === MANIFEST_FILE)
  if (!own) return { files, findings: [{ file: MANIFEST_FILE, what: 'the file is missing' }] }
  const manifest = $Manifest.safeParse(jsonIn(join(folder, MANIFEST_FILE))).data
  if (!manifest) return { files, findings: [{ file: MANIFEST_FILE, what: 'the manifest was changed: it is none' }] }
  return {
    files,
    findings: [...verifyPack(manifest, found), ...(vouched ? verifyManifest(manifest, own, vouched) : [])],
  }
}

function foundFile(folder: string, name: string): FoundFile {
  const path = join(folder, name)
  const content = readFileSync(path)
  return { name, bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') }
}

function jsonIn(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}
