import { createHash } from 'node:crypto'

/** What canonical JSON can carry. `undefined` members are left out, as JSON does. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined }

/**
 * One text for one value: keys sorted by code unit, no white space, so that equal values hash equally wherever they were built.
 * Follows RFC 8785 for the values Lapse uses (strings, safe integers, booleans, null, arrays, objects).
 */
export function canonical(value: Json): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  if (isList(value)) return `[${value.map(canonical).join(',')}]`
  const members = Object.entries(value)
    .flatMap(([key, member]) => (member === undefined ? [] : [[key, member] as const]))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`)
  return `{${members.join(',')}}`
}

/** SHA-256 of the canonical text, 64 hex digits. The one use of a Node module in the domain: a hash is a pure function. */
export function digest(value: Json): string {
  return sha256(canonical(value))
}

/** SHA-256 of a text or bytes, 64 hex digits. */
export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}

function isList(value: object): value is readonly Json[] {
  return Array.isArray(value)
}
