import { createHash } from 'node:crypto'
import { STYLE } from './style.ts'

/** The one style of the pages, by the hash that lets it in. Hashed once when the module is loaded (some 20 µs). */
const STYLE_SOURCE = `sha256-${createHash('sha256').update(STYLE).digest('base64')}`

/**
 * Headers of every page behind a link of a mail.
 * Invariant: a page keeps its address to itself: nothing is cached, referred, embedded, indexed or fetched from elsewhere.
 */
export const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'content-security-policy': `default-src 'none'; style-src '${STYLE_SOURCE}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`,
  'x-content-type-options': 'nosniff',
  'strict-transport-security': 'max-age=63072000; includeSubDomains',
  'x-robots-tag': 'noindex, nofollow',
} as const
