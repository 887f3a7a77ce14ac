import { visibleLine } from '../visible.ts'
import type { Letter } from './letter.ts'
import { mailHtml } from './mail-html.ts'
import { mailText } from './mail-text.ts'

/** A mail without its addresses: one recipient each, so that nobody's answer stands in somebody else's inbox. */
export interface Mail {
  readonly subject: string
  readonly text: string
  readonly html: string
}

/** Longer subjects are cut by mail clients anyway; header lines may hold 998 octets. */
const LONGEST_SUBJECT = 120

/**
 * Invariant: a subject is one line without control, bidi or zero-width characters. No code, no link and nothing a requester wrote
 * freely stands in it, because subjects show on locked screens and in logs.
 */
export function mailOf(letter: Letter): Mail {
  const letters = [...visibleLine(letter.subject)]
  const subject =
    letters.length > LONGEST_SUBJECT ? `${letters.slice(0, LONGEST_SUBJECT - 1).join('')}…` : letters.join('')
  return { subject, text: mailText(letter), html: mailHtml(letter) }
}
