import { approvalFacts } from '../approval-facts.ts'
import { durationFact, entitlementFacts, secondsOf, windowFacts } from '../request-facts.ts'
import type { Approval, RequestView, Window } from '../request-view.ts'
import { accessFacts } from '../statement-facts.ts'
import { durationWords, type Reader, readerTimes } from '../times.ts'
import { facts, words } from './letter.ts'
import { type Mail, mailOf } from './mail.ts'

/** To the requester: the grant is in force, or will be at its start. */
export interface GrantedView extends RequestView {
  readonly reader: Reader
  readonly grant: Window
  readonly approvals: readonly Approval[]
}

export function grantedMail(view: GrantedView): Mail {
  const { organisation, entitlement, request, reader, grant, approvals } = view
  const end = readerTimes(grant.notAfter, reader.timezone, 'second')
  return mailOf({
    subject: `Granted: ${entitlement.title}, ${durationWords(secondsOf(view))}`,
    heading: `Granted: ${entitlement.title}`,
    organisation,
    requestId: request.id,
    blocks: [
      words(`${reader.name}, your request was approved. It works with your own keys; you need not sign in anew.`),
      facts('When', [durationFact(view), ...windowFacts(grant, reader)]),
      facts('What it allows', [...entitlementFacts(view), ...accessFacts(view)]),
      facts('How it ends', [
        {
          label: 'By itself',
          values: [
            `At ${end} ${request.asIs ? '' : 'AWS refuses, and '}Lapse takes the policy away. You need not do anything.`,
          ],
        },
        { label: 'Earlier', values: ['Give it back when you are done:', `POST /requests/${request.id}/end`] },
        { label: 'Proof', values: ['You get a receipt once the removal is read back from IAM.'] },
      ]),
      facts('Who approved', approvalFacts(approvals, request.automatic ?? request.rule, reader)),
      words('Everything you do with it is in the record. If it was not you who asked, tell your administrators now.'),
    ],
  })
}
