import * as z from 'zod/mini'

/** A lone surrogate is stored as another character than was hashed, which would break the chain of its request. */
export const wellFormed = z.refine<string>(text => text.isWellFormed(), 'must be well-formed Unicode')

/**
 * Text a person typed: trimmed, line breaks as browsers and mails write them made one character, no other control characters.
 * Lengths count UTF-16 code units, as a browser's `maxlength` does.
 */
export const $typed = (shortest: number, longest: number) =>
  z.pipe(
    z.pipe(
      z.string(),
      z.transform(text => text.replaceAll('\r\n', '\n').trim()),
    ),
    z
      .string()
      .check(
        z.minLength(shortest, `must have at least ${shortest} characters`),
        z.maxLength(longest, `must have at most ${longest} characters`),
        z.regex(/^(?:[^\p{Cc}]|[\n\t])*$/u, 'must have no control characters'),
        wellFormed,
      ),
  )
