import { describe, expect, it } from '@jest/globals'
import { OUTCOME_STATUS, outcomePage } from '../../lambdas/pages/outcome-page.ts'
import { outcomeViews } from '../support/page-samples.ts'

describe('outcomePage', () => {
  it('APP-01 gives one page for every link that does not work, with no variable part', () => {
    const page = outcomePage({ outcome: 'no-longer-valid' })

    expect(outcomePage({ outcome: 'no-longer-valid' })).toBe(page)
    expect(page).not.toMatch(/Request 0|Example|\d{4}-\d\d|\d\d:\d\d/)
    expect(page).toContain('Nothing was changed.')
  })

  it('APP-01 names who gets what until when after the last approval', () => {
    const page = outcomePage(outcomeViews.approved)

    expect(page).toContain('Alice Example gets “Read the orders of production”')
    expect(page).toContain('Mon 1 Mar 2027, 12:30:37 (Europe/Berlin) · 11:30:37 UTC')
  })

  it('APP-05 promises nothing while more approvals are needed', () => {
    const page = outcomePage(outcomeViews['approved-by-one'])

    expect(page).toContain('More approvals are needed before anything is allowed')
    expect(page).not.toContain('gets “')
  })

  it.each([
    ['CANCELLED', 'taken this request back'],
    ['UNANSWERED', 'time to answer this request is over'],
    ['DENIED', 'This request is denied.'],
    ['ACTIVE', 'This request is approved.'],
  ] as const)('APP-01 says of a second answer that the request is %s', (status, words) => {
    expect(outcomePage({ outcome: 'already-decided', status })).toContain(words)
  })

  it('APP-02 tells what to do when wrong codes closed the link', () => {
    expect(outcomePage({ outcome: 'voided' })).toContain('tell your administrators')
  })

  it('APP-04 says that an answer to a changed request was not taken', () => {
    expect(outcomePage({ outcome: 'changed-since-shown' })).toContain('your answer was not taken')
  })

  it('APP-01 gives a reference when something broke, and nothing else of the inside', () => {
    expect(outcomePage({ outcome: 'broken', requestId: 'abc-123' })).toContain('<code>abc-123</code>')
  })

  it('APP-01 has a status for every outcome', () => {
    expect(OUTCOME_STATUS).toMatchObject({ 'already-decided': 409, 'no-longer-valid': 404, 'changed-since-shown': 409 })
    expect(OUTCOME_STATUS).toMatchObject({ approved: 200, 'bad-form': 400, 'method-not-allowed': 405, broken: 500 })
  })
})
