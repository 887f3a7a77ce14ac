import * as z from 'zod/mini'
import type { SignedDigest } from '../domain/archive/daily-digest.ts'
import { isDay } from '../domain/archive/line.ts'
import { canonical } from '../domain/digest.ts'
import { StoredShapeError } from '../domain/errors.ts'

const $Sha256 = z.string().check(z.regex(/^[0-9a-f]{64}$/))
const $Object = z.strictObject({ key: z.string(), bytes: z.int().check(z.nonnegative()), sha256: $Sha256 })
const $Digest = z.strictObject({
  day: z.string().check(z.refine(isDay)),
  previousHash: $Sha256,
  objects: z.array($Object),
  heads: z.array(z.strictObject({ requestId: z.string(), sequence: z.int().check(z.positive()), hash: $Sha256 })),
  manifests: z.array($Object),
  hash: $Sha256,
  signature: z.strictObject({
    algorithm: z.literal('ECDSA_SHA_256'),
    key: $Sha256,
    value: z.string().check(z.regex(/^[A-Za-z0-9+/]+={0,2}$/)),
  }),
})

/** A digest as its file spells it. */
export function digestText({ day, previousHash, objects, heads, manifests, hash, signature }: SignedDigest): string {
  const { algorithm, key, value } = signature
  return `${canonical({
    day,
    previousHash,
    objects: objects.map(({ key, bytes, sha256 }) => ({ key, bytes, sha256 })),
    heads: heads.map(({ requestId, sequence, hash }) => ({ requestId, sequence, hash })),
    manifests: manifests.map(({ key, bytes, sha256 }) => ({ key, bytes, sha256 })),
    hash,
    signature: { algorithm, key, value },
  })}\n`
}

/** @throws StoredShapeError when the text is not, to the letter, a digest Lapse writes. */
export function readDigest(file: string, text: string): SignedDigest {
  try {
    const digest = $Digest.parse(JSON.parse(text))
    if (digestText(digest) === text) return digest
  } catch (cause) {
    throw new StoredShapeError(file, { cause })
  }
  throw new StoredShapeError(file)
}
