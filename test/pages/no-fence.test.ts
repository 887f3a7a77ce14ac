import { describe, expect, it } from '@jest/globals'
import { decisionPage } from '../../lambdas/pages/decision-page.ts'
import { approversAskedMail } from '../../lambdas/pages/mails/approvers-asked.ts'
import { endedMail } from '../../lambdas/pages/mails/ended.ts'
import { grantedMail } from '../../lambdas/pages/mails/granted.ts'
import type { RequestView } from '../../lambdas/pages/request-view.ts'
import { decisionView, mailViews } from '../support/page-samples.ts'

const policyArn = 'arn:aws:iam::aws:policy/ReadOnlyAccess'
const documentHash = 'a'.repeat(64)
const asIs = { because: 'it is too large for a copy', documentHash }

function attached<View extends RequestView>(view: View): View {
  const entitlement = { ...view.entitlement, managedPolicy: { arn: policyArn, versionId: 'v9', asIs } }
  return { ...view, entitlement, request: { ...view.request, asIs: { policyArn, documentHash } } }
}

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ')

describe('a policy that is attached as it is', () => {
  it('GRA-07 is flagged on the page of the approver, with the reason, and no fence is promised', () => {
    const page = decisionPage(attached(decisionView))

    expect(page).toContain('<strong>No fence.</strong>')
    expect(page).toContain('nothing but that ends the access')
    expect(page).toContain('it is too large for a copy')
    expect(page).toContain(policyArn)
    expect(page).toContain('Then Lapse takes the policy away.')
    expect(page).not.toMatch(/Lapse adds two conditions|ends by itself/)
    expect(decisionPage(decisionView)).not.toContain('No fence')
  })

  it('GRA-07 is flagged in the mail to approvers and in the mail to the requester', () => {
    const asked = oneLine(approversAskedMail(attached(mailViews.approversAsked)).text)
    const granted = oneLine(grantedMail(attached(mailViews.granted)).text)

    for (const text of [asked, granted]) expect(text).toContain('nothing but that ends the access')
    expect(asked).not.toMatch(/Lapse adds two conditions|ends by itself/)
    expect(granted).not.toContain('AWS refuses')
    expect(oneLine(grantedMail(mailViews.granted).text)).toContain('AWS refuses')
  })

  it('GRA-07 has a receipt that says what the user has afterwards', () => {
    const receipt = { policyArn, verifiedAt: new Date('2027-03-01T12:00:00Z'), detached: 1 }
    const textOf = (policy: 'NotAttached' | 'HeldByOthers') =>
      oneLine(endedMail({ ...attached(mailViews.ended), receipt: { ...receipt, policy } }).text)

    expect(textOf('NotAttached')).toContain('IAM no longer lists it at the user')
    expect(textOf('HeldByOthers')).toContain('You have the policy still')
    expect(textOf('HeldByOthers')).not.toContain('your access is gone')
  })
})
