import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { Finding } from '../../lambdas/domain/findings/finding.ts'
import { reportPage } from '../../lambdas/pages/report/report-page.ts'
import { aFinding } from '../support/a-finding.ts'
import { aHistory } from '../support/a-history.ts'
import { aReport } from '../support/a-report.ts'
import { anAccessFile, anEntitlement, aPerson } from '../support/an-access-file.ts'

const ENDED = aHistory().approved().activated().ended()

describe('REV-16 the page', () => {
  it('REV-16 runs no script and loads nothing from elsewhere', () => {
    const page = reportPage(aReport([ENDED]))

    expect(page).not.toMatch(/<script|<link|<img|<iframe|@import|url\(|\son\w+=|javascript:|https?:/i)
    expect(page).toContain("default-src 'none'")
  })

  it('REV-16 opens with the sentence an auditor can quote', () => {
    expect(reportPage(aReport([ENDED]))).toContain(
      '1 ended with a proof of removal and none outlived its planned end without one',
    )
  })

  it('REV-04 REV-05 draws volume and duration, each with a title, a description and its numbers in a table', () => {
    const page = reportPage(aReport([ENDED, aHistory().denied()]))

    const charts = [...page.matchAll(/<svg [^>]*role="img" aria-labelledby="([\w-]+) ([\w-]+)">/g)]
    expect(charts).toHaveLength(2)
    for (const [, title, description] of charts)
      expect(page).toMatch(new RegExp(`<title id="${title}">.+</title>\\s*<desc id="${description}">.+</desc>`))
    expect(page).toContain('<caption>By week (ISO weeks, UTC)</caption>')
    expect(page).toContain('<caption>Requests and grants by length</caption>')
  })

  it('REV-08 says that nothing lingers, or names what does', () => {
    const lingering = aHistory().approved().activated()

    expect(reportPage(aReport([ENDED]))).toContain('No lingering access')
    const page = reportPage(aReport([ENDED, lingering]))
    expect(page).toContain('Lingering access: 1 past the planned end')
    expect(page).toContain(lingering.request.id)
  })

  it('REV-16 names the files with their hashes and the broken chains with their requests', () => {
    const broken = aHistory().forged(() => [])
    const report = aReport([broken])

    const page = reportPage(report)

    expect(page).toContain(report.files[0]?.sha256 ?? 'no file')
    expect(page).toContain('Broken for 1 of 1 requests')
    expect(page).toContain(broken.request.id)
  })

  it('REV-16 ANO-05 says that nothing was found, that all of it was looked into, or what is open', () => {
    const closed = { by: 'adam', at: new Date('2027-03-02T09:00:00Z'), comment: 'a new task' }
    const page = (findings: readonly Finding[]) => reportPage(aReport([ENDED], { findings }))

    expect(page([])).toContain('Nothing was found.')
    expect(page([aFinding({ closed })])).toMatch(/None is open: each was looked into.*a new task<small>adam/s)
    const open = page([aFinding({ closed }), aFinding({ id: '01MGFND1NG0000000000000002', rule: 'drift' })])
    expect(open).toContain('1 of 2 is open')
    expect(open.indexOf('A grant was changed')).toBeLessThan(open.indexOf('Tries what they may not have'))
  })

  it('REV-16 shows a period without a request as one', () => {
    const page = reportPage(aReport([]))

    expect(page).toContain('Nobody asked for anything in this period.')
    expect(page).not.toMatch(/NaN|undefined|Infinity|null/)
  })

  it('REV-16 no text of a person, an entitlement or the organisation becomes markup', () => {
    const hostile = fc.string({
      unit: fc.constantFrom(
        '<',
        '>',
        '"',
        "'",
        '&',
        '/',
        'script',
        'img src=x',
        ' onload=',
        '${',
        '`',
        '-->',
        '\n',
        '\u202e',
        'a',
      ),
    })
    const plain = shapeOf('x', 'x', 'x', 'x')
    fc.assert(
      fc.property(hostile, hostile, hostile, hostile, (reason, title, organisation, parameter) => {
        expect(shapeOf(`x${reason}`, `x${title}`, `x${organisation}`, `x${parameter}`)).toEqual(plain)
      }),
      { numRuns: 60 },
    )
  })
})

/** The tags of a page, attributes and all: the same whatever the texts are. */
function shapeOf(reason: string, title: string, organisation: string, parameter: string): readonly string[] {
  const people = ['alice', 'bob'].map(id => aPerson({ id, name: title }))
  const access = anAccessFile({
    organisation,
    timezone: 'UTC',
    people,
    entitlements: [anEntitlement({ title })],
    auditors: [],
    admins: [],
  })
  const overrides = { reason, ticket: reason, parameters: { [parameter]: parameter }, rule: parameter }
  const findings = [
    aFinding({ subject: parameter, latest: [{ at: new Date('2027-03-01T09:00:00Z'), detail: title }] }),
    aFinding({ closed: { by: parameter, at: new Date('2027-03-02T09:00:00Z'), comment: reason } }),
  ]
  const report = aReport([aHistory(overrides).approved().activated().ended()], { access, findings })
  return reportPage(report).match(/<[^>]*>/g) ?? []
}
