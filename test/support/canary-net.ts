import type { Canary, CanaryKind, Place, Sighting } from './canary.ts'

/** So many characters of a secret are enough to know it: 72 bits of base64. */
const PIECE = 12
/** Six digits that stand alone; within a longer number or word they are not a code. What is escaped before them, as `\n` or `%3D`, is no word; the memory that a run of a function took is in its log line as well. */
const ALONE = /(?:(?<![0-9A-Za-z.])|(?<=\\[nrt])|(?<=%[0-9A-F]{2}))\d{6}(?![0-9A-Za-z]| MB)/g
/** What a signed call or a presigned address carries, whosever it is. */
const SIGNED =
  /Signature=[0-9a-f]{64}|X-Amz-Security-Token=[^&\s"]{16,}|"x-amz-security-token":\s*"[^"]{16,}|AWS4-HMAC-SHA256 Credential=\w{16,}/i

/**
 * Finds canaries in text: whole, cut short to 23 characters or more, escaped for an address, or in base64 or hex. A code is found where its
 * six digits stand alone. What looks like a signature is found without having been known.
 */
export class CanaryNet {
  readonly #pieces = new Map<string, Canary>()
  readonly #codes = new Map<string, Canary>()
  #numbers = 0

  constructor(canaries: Iterable<Canary>) {
    for (const canary of canaries) {
      if (canary.kind === 'code') this.#codes.set(canary.value, canary)
      else for (const piece of formsOf(canary.value).flatMap(piecesOf)) this.#pieces.set(piece, canary)
    }
  }

  /** How many numbers of six digits were seen that stood alone: what a code could be taken for by chance. */
  get numbersSeen(): number {
    return this.#numbers
  }

  sightings({ kind: place, where, text }: Place): readonly Sighting[] {
    const found = new Set<Canary>()
    for (let at = 0; at + PIECE <= text.length; at += 1) {
      const canary = this.#pieces.get(text.slice(at, at + PIECE))
      if (canary) found.add(canary)
    }
    for (const [digits] of text.matchAll(ALONE)) {
      this.#numbers += 1
      const canary = this.#codes.get(digits)
      if (canary) found.add(canary)
    }
    const sighting = (kind: CanaryKind, of: string): Sighting => ({ kind, of, place, where })
    const known = [...found].map(({ kind, of }) => sighting(kind, of))
    const signed = SIGNED.exec(text)
    return signed ? [...known, sighting('signature', text.slice(Math.max(0, signed.index - 60), signed.index))] : known
  }
}

function formsOf(value: string): readonly string[] {
  const bytes = Buffer.from(value)
  // Base64 of a text depends on where in the whole it begins; the first characters belong to what stands before it.
  const shifted = [0, 1, 2].map(before =>
    Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .slice(4, -4),
  )
  return [value, encodeURIComponent(value), bytes.toString('hex'), ...shifted]
}

/** Each piece begins where the one before ends, and the last ends with the text, so that any 23 characters of it have one whole. */
function piecesOf(text: string): readonly string[] {
  if (text.length < PIECE) throw new Error(`a canary of less than ${PIECE} characters would be found everywhere`)
  const count = Math.floor(text.length / PIECE)
  const pieces = Array.from({ length: count }, (_, index) => text.slice(index * PIECE, (index + 1) * PIECE))
  return [...pieces, text.slice(-PIECE)]
}
