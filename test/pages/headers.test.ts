import { createHash } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import { PAGE_HEADERS } from '../../lambdas/pages/headers.ts'
import { pageSamples, TOKEN } from '../support/page-samples.ts'

describe('PAGE_HEADERS', () => {
  it('I2 keeps pages out of caches, referrers, frames and indexes', () => {
    expect(PAGE_HEADERS).toMatchObject({
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-robots-tag': expect.stringContaining('noindex'),
      'strict-transport-security': expect.stringMatching(/max-age=\d{8}/),
      'content-type': 'text/html; charset=utf-8',
    })
  })

  it('I2 lets in one style and one form and nothing else', () => {
    expect(PAGE_HEADERS['content-security-policy']).toMatch(
      /^default-src 'none'; style-src 'sha256-[A-Za-z0-9+/]{43}='; form-action 'self'; frame-ancestors 'none'; base-uri 'none'$/,
    )
  })
})

describe.each(Object.entries(pageSamples()))('the page %s', (_name, page) => {
  it('I2 has exactly one style, and its hash stands in the policy', () => {
    const styles = [...page.matchAll(/<style>([\s\S]*?)<\/style>/g)].map(match => match[1] ?? '')

    expect(styles).toHaveLength(1)
    const hash = createHash('sha256')
      .update(styles[0] ?? '')
      .digest('base64')
    expect(PAGE_HEADERS['content-security-policy']).toContain(`style-src 'sha256-${hash}'`)
  })

  it('I2 has no script, no style attribute, no handler and nothing from elsewhere', () => {
    expect(page).not.toMatch(
      /<script|<link|<img|<iframe|<object|<base|\sstyle=|\son[a-z]+=|\bsrc=|javascript:|https?:|url\(|@import/i,
    )
  })

  it('I2 does not show the token of its address', () => {
    expect(page).not.toContain(TOKEN)
    expect(page).not.toContain('action=')
  })

  it('APP-03 has a language, one main part, one first heading and headings in order', () => {
    expect(page).toContain('<html lang="en">')
    expect(page.match(/<main>/g)).toHaveLength(1)
    const levels = [...page.matchAll(/<h([1-6])/g)].map(match => Number(match[1]))
    expect(levels.filter(level => level === 1)).toHaveLength(1)
    expect(levels[0]).toBe(1)
    expect(levels.every((level, index) => level - (levels[index - 1] ?? 0) <= 1)).toBe(true)
  })
})
