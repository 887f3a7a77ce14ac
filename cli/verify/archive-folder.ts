import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { readLine } from '../../lambdas/contract/archive-line.ts'
import { readDigest } from '../../lambdas/contract/daily-digest.ts'
import { type ArchivedObject, type SignedDigest, signedText } from '../../lambdas/domain/archive/daily-digest.ts'
import { type ArchiveTable, TABLES } from '../../lambdas/domain/archive/line.ts'
import { DIGESTS, PACKS, PUBLIC_KEYS, publicKeyKey } from '../../lambdas/domain/archive/places.ts'
import type { ArchiveFolder, ReadDigest, ReadLine, ReadPart } from '../../lambdas/domain/verify/archive-folder.ts'
import type { Finding } from '../../lambdas/domain/verify/finding.ts'
import { reasonOf, WrongUseError } from '../errors.ts'
import { filesBelow, isFolder } from './files-below.ts'

export interface OpenedArchive extends ArchiveFolder {
  /** What is wrong with the keys that lie beside the digests. */
  readonly flaws: readonly Finding[]
  /** Fingerprints of the keys that are trusted. */
  readonly trusted: readonly string[]
}

/** An archive that was downloaded into a folder. `publicKey` is the PEM of the only key to trust; without it those of the folder are. */
export function openArchive(folder: string, publicKey: string | undefined): OpenedArchive {
  if (!isFolder(folder)) throw new WrongUseError(`there is no folder ${folder}`)
  const at = (key: string) => readFileSync(join(folder, ...key.split('/')))
  const files = filesBelow(folder)
  const below = (prefix: string) => files.filter(key => key.startsWith(prefix))
  const kept = below(PUBLIC_KEYS).map(key => keyIn(key, String(at(key))))
  const keys = publicKey === undefined ? kept.flatMap(({ key }) => key ?? []) : [trustedKey(publicKey)]
  const trusted = new Map(keys.map(key => [fingerprintOf(key), key]))
  const digests = below(DIGESTS).map(file => digestIn(file, at(file)))
  return {
    digests,
    parts: TABLES.flatMap(table => below(`${table}/`)),
    readPart: key => partIn(key, at(key)),
    manifests: below(PACKS).map(key => described(key, at(key))),
    isSigned: digest => isSignedBy(trusted.get(digest.signature.key), digest),
    flaws: [...kept.flatMap(({ flaw }) => flaw ?? []), ...missingKeys(digests, files)],
    trusted: [...trusted.keys()],
  }
}

function described(key: string, content: Buffer): ArchivedObject {
  return { key, bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') }
}

function digestIn(file: string, content: Buffer): ReadDigest {
  try {
    return { outcome: 'read', file, digest: readDigest(file, content.toString('utf8')) }
  } catch (error) {
    return { outcome: 'unreadable', file, why: reasonOf(error) }
  }
}

function partIn(key: string, content: Buffer): ReadPart {
  const table = TABLES.find(name => key.startsWith(`${name}/`)) ?? 'events'
  return { ...described(key, content), lines: linesIn(table, content) }
}

/** Seven times a full part. What unpacks to more was not written by Lapse, and may be made to fill the memory. */
const LARGEST_PART_BYTES = 500_000_000

function linesIn(table: ArchiveTable, content: Buffer): readonly ReadLine[] {
  try {
    const texts = gunzipSync(content, { maxOutputLength: LARGEST_PART_BYTES }).toString('utf8').split('\n')
    const rest = texts.pop()
    const lines = texts.map(text => lineIn(table, text))
    return rest === '' ? lines : [...lines, { outcome: 'unreadable', why: 'the last line is cut off' }]
  } catch (error) {
    return [{ outcome: 'unreadable', why: `it cannot be decompressed: ${reasonOf(error)}` }]
  }
}

function lineIn(table: ArchiveTable, text: string): ReadLine {
  try {
    return { outcome: 'read', ...readLine(table, text) }
  } catch (error) {
    return { outcome: 'unreadable', why: reasonOf(error) }
  }
}

/** The key must be spelled as it was written, and named by its own fingerprint. */
function keyIn(file: string, pem: string): { readonly key?: KeyObject; readonly flaw?: Finding } {
  try {
    const key = createPublicKey(pem)
    const isItself = key.export({ type: 'spki', format: 'pem' }) === pem && publicKeyKey(fingerprintOf(key)) === file
    return isItself ? { key } : { flaw: { file, what: 'the public key was changed' } }
  } catch {
    return { flaw: { file, what: 'the public key was changed' } }
  }
}

/** Keys that signed a digest and are not beside it. */
function missingKeys(digests: readonly ReadDigest[], files: readonly string[]): readonly Finding[] {
  const used = digests.flatMap(read => (read.outcome === 'read' ? [publicKeyKey(read.digest.signature.key)] : []))
  return [...new Set(used)]
    .filter(file => !files.includes(file))
    .map(file => ({ file, what: 'the public key is missing' }))
}

function trustedKey(pem: string): KeyObject {
  try {
    return createPublicKey(pem)
  } catch (cause) {
    throw new WrongUseError(`--public-key is no public key in PEM: ${reasonOf(cause)}`, { cause })
  }
}

function fingerprintOf(key: KeyObject): string {
  return createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('hex')
}

function isSignedBy(key: KeyObject | undefined, digest: SignedDigest): boolean {
  const { value } = digest.signature
  const signature = Buffer.from(value, 'base64')
  // Base64 has spellings that decode alike; only the one that was written counts.
  if (key?.asymmetricKeyType !== 'ec' || signature.toString('base64') !== value) return false
  return verify('sha256', Buffer.from(signedText(digest)), key, signature)
}
