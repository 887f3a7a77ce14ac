import { describe, expect, it } from '@jest/globals'
import { allowedFacts } from '../../lambdas/pages/allowed-facts.ts'
import { decisionPage } from '../../lambdas/pages/decision-page.ts'
import { adminsToldMail } from '../../lambdas/pages/mails/admins-told.ts'
import { approversAskedMail } from '../../lambdas/pages/mails/approvers-asked.ts'
import { approversRemindedMail } from '../../lambdas/pages/mails/approvers-reminded.ts'
import { allowedActions } from '../../lib/allowed-actions/allowed-actions.ts'
import { aboutRequest, decisionView, mailViews } from '../support/page-samples.ts'

const statements = [{ actions: ['s3:GetObject', 's3:DeleteObject'], resources: ['arn:aws:s3:::acme-orders-2026/*'] }]
const SENSITIVE =
  'Sensitive in Amazon S3: delete object. This takes away what the end of the grant does not bring back. On acme-orders-2026/*.'
const PLAIN = [
  'Write in Amazon S3: delete object. On acme-orders-2026/*.',
  'Read in Amazon S3: get object. On acme-orders-2026/*.',
]

function allowing<View extends typeof aboutRequest>(view: View) {
  return { ...view, statements, entitlement: { ...view.entitlement, allows: allowedActions(statements) } }
}

const oneLine = (text: string) => text.replaceAll(/\s+/g, ' ')

describe('what is allowed in plain words', () => {
  it('REQ-09 has what is sensitive for itself, and nothing of it where nothing is', () => {
    const harmless = [{ actions: ['s3:GetObject'], resources: ['*'] }]
    const entitlement = { ...aboutRequest.entitlement, allows: allowedActions(harmless) }

    expect(allowedFacts(allowing(aboutRequest))).toEqual([
      { label: 'Look twice', values: [SENSITIVE] },
      { label: 'In plain words', values: PLAIN },
    ])
    expect(allowedFacts({ ...aboutRequest, entitlement, statements: harmless })).toEqual([
      { label: 'In plain words', values: ['Read in Amazon S3: get object. On every resource.'] },
    ])
  })

  it('REQ-09 stands on the page an approver decides on, what is sensitive marked and first', () => {
    const page = decisionPage(allowing(decisionView))
    const places = [`<ul class="flag"><li>${SENSITIVE}`, ...PLAIN, '<h3>The exact lists</h3>'].map(text =>
      page.indexOf(text),
    )

    expect(places).not.toContain(-1)
    expect(places.toSorted((a, b) => a - b)).toEqual(places)
    expect(decisionPage({ ...decisionView, statements: [] })).not.toContain('<ul class="flag">')
  })

  it('REQ-09 stands in the mails to approvers and administrators, above the exact lists', () => {
    const mails = [
      approversAskedMail(allowing(mailViews.approversAsked)),
      approversRemindedMail(allowing(mailViews.approversAsked)),
      adminsToldMail(allowing(mailViews.adminsTold)),
    ]

    for (const { text, html } of mails) {
      const words = oneLine(text)
      for (const said of [SENSITIVE, ...PLAIN]) {
        expect(words).toContain(said)
        expect(html).toContain(said)
      }
      expect(words.indexOf(SENSITIVE)).toBeLessThan(words.indexOf('s3:GetObject'))
    }
  })

  it('REQ-09 escapes what a parameter put into a resource', () => {
    const hostile = [{ actions: ['s3:GetObject'], resources: ['arn:aws:s3:::<b>&"x"/*'] }]

    const page = decisionPage({ ...decisionView, statements: hostile })

    expect(page).toContain('On &lt;b&gt;&amp;&quot;x&quot;/*.')
    expect(page).not.toContain('<b>')
  })
})
