import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  formulaSafe,
  headingOf,
  INVENTORY_COLUMNS,
  linesOf,
  SESSION_COLUMNS,
} from '../../lambdas/application/review-tables.ts'
import { sessionOf } from '../../lambdas/domain/review/session.ts'
import { aHistory } from '../support/a-history.ts'

describe('REV-16 tables', () => {
  it.each([
    '=1+1',
    '+1',
    '-1',
    '@SUM(A1)',
    '\t=1',
    '\r=1',
    '\n=1',
    '＝1',
    '＋1',
    '－1',
    '＠x',
    '  =1',
    'a;=1',
    '\ufeff=1',
  ])('REV-16 %j is no formula in a spreadsheet', text => {
    expect(formulaSafe(text)).toMatch(/^(?:a;)?'/)
  })

  it.each(['restart the importer', 'OPS-7', 'a=b', '2 - 1', 'Zoë', ''])('REV-16 %j stays as it is', text => {
    expect(formulaSafe(text)).toBe(text)
  })

  it('REV-16 no cell of any text starts a formula, whichever separator the spreadsheet is set to', () => {
    const dangerous = fc.string({
      unit: fc.constantFrom('=', '+', '-', '@', '\t', '\r', '\n', ';', ',', '"', ' ', 'x', '＝', '1'),
    })
    fc.assert(
      fc.property(dangerous, reason => {
        const line = linesOf(SESSION_COLUMNS, [sessionOf(aHistory({ reason }))])

        expect(line.trimEnd()).not.toMatch(/[\r\n\t]/)
        for (const cell of cellsOf(line)) {
          for (const part of cell.split(';')) expect(part.trimStart()).not.toMatch(/^[=+\-@＝＋－＠]/)
        }
      }),
    )
  })

  it('REV-16 a table begins with a byte order mark, one heading, and lines that end in CRLF', () => {
    const heading = headingOf(SESSION_COLUMNS)

    expect(heading).toBe(`\ufeff${Object.keys(SESSION_COLUMNS).join(',')}\r\n`)
    expect(linesOf(SESSION_COLUMNS, [sessionOf(aHistory())]).startsWith('\ufeff')).toBe(false)
  })

  it('REV-03 a row has durations in minutes, times in UTC and nothing where there was nothing', () => {
    const history = aHistory({ reason: 'look, "here"' }).approved().activated().ended({ lateBySeconds: 90 })

    const cells = cellsOf(linesOf(SESSION_COLUMNS, [sessionOf(history)]))

    const row = Object.fromEntries(Object.keys(SESSION_COLUMNS).map((name, index) => [name, cells[index]]))
    expect(row).toMatchObject({
      reason: 'look, "here"',
      ticket: '',
      asked_at: '2027-03-01T10:00:00Z',
      planned_end: '2027-03-01T11:15:00Z',
      verified_at: '2027-03-01T11:16:30Z',
      requested_minutes: '60',
      held_minutes: '59.97',
      approval_seconds: '900',
      lateness_seconds: '90',
    })
  })

  it('REV-02 an inventory row says by whom and how many the entitlement is approved', () => {
    const row = {
      entitlement: 'logs-read',
      title: 'Read logs',
      risk: 'low',
      rule: 'team',
      effect: 'allow',
      people: ['alice', 'erin'],
      stages: [
        { name: 'owner', quorum: 1, approvers: ['bob'] },
        { name: 'security', quorum: 2, approvers: ['carol', 'dave'] },
      ],
      maximumMinutes: 120,
      asked: 2,
      granted: 1,
    } as const

    expect(linesOf(INVENTORY_COLUMNS, [row, { entitlement: 'gone', rule: 'old', asked: 1, granted: 1 }])).toBe(
      'logs-read,Read logs,low,team,allow,yes,alice erin,owner (1 of bob) then security (2 of carol dave),120,2,1\r\ngone,,,old,,no,,,,1,1\r\n',
    )
  })
})

/** The cells of one line of CSV, quotes taken away. */
function cellsOf(line: string): readonly string[] {
  const cells = [...line.replace(/\r\n$/, '').matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))/g)]
  return cells.map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '')
}
