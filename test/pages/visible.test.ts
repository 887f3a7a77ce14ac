import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { visible, visibleLine } from '../../lambdas/pages/visible.ts'

describe('visible', () => {
  it.each([
    ['a bidi override', 'pay\u202Eecila', 'pay[U+202E]ecila'],
    ['a bidi isolate', '\u2066x\u2069', '[U+2066]x[U+2069]'],
    ['a zero-width space', 'ali\u200Bce', 'ali[U+200B]ce'],
    ['a soft hyphen', 'ad\u00ADmin', 'ad[U+00AD]min'],
    ['a byte order mark', '\uFEFFx', '[U+FEFF]x'],
    ['a null and an escape', '\u0000\u001B[2J', '[U+0000][U+001B][2J'],
    ['a tag character', 'x\u{E0041}', 'x[U+E0041]'],
    ['a Hangul filler', 'x\u3164', 'x[U+3164]'],
    ['half a surrogate pair', 'x\uD83D', 'x[U+D83D]'],
    ['a line separator', 'a\u2028b', 'a[U+2028]b'],
  ])('T10 spells out %s', (_, text, expected) => {
    expect(visible(text)).toBe(expected)
  })

  it('T10 leaves ordinary text of any script as it is', () => {
    for (const text of ['Zoë Müller', '山田 太郎', 'עליס', 'أليس', 'order 🚚 ⚠️ done', '<b>&"\'']) {
      expect(visible(text)).toBe(text)
    }
  })

  it('T10 keeps line breaks as one kind and makes a tab a space', () => {
    expect(visible('a\r\nb\rc\nd\te')).toBe('a\nb\nc\nd e')
  })

  it('T10 gives one line for headers and for lines of text mails', () => {
    expect(visibleLine('Alice\r\nBcc: everyone@example.com')).toBe('Alice ⏎ Bcc: everyone@example.com')
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), text => {
        expect(visibleLine(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u)
      }),
    )
  })
})
