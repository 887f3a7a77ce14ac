/**
 * Characters that hide, reorder or break what a reader sees: controls, bidi overrides, zero-width ones, tags, fillers,
 * lone surrogates. The selectors that only choose a glyph (an emoji's colour) hide nothing and pass.
 */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\u{2800}]|(?![\u{fe00}-\u{fe0f}])\p{Default_Ignorable_Code_Point}/gu

/**
 * The text with every unseen character spelled out (`[U+202E]`), so that nobody can make an approver read something else than
 * what is asked. Line breaks stay as `\n`, a tab becomes a space.
 */
export function visible(text: string): string {
  return text.replaceAll(/\r\n?/g, '\n').replaceAll(UNSEEN, spelled)
}

/** The same in one line: a line break becomes `⏎`, so that text of a person can pose as no header and no line of ours. */
export function visibleLine(text: string): string {
  return visible(text).replaceAll(/ ?\n ?/g, ' ⏎ ')
}

function spelled(character: string): string {
  if (character === '\n') return character
  if (character === '\t') return ' '
  return `[U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`
}
