import { allowedFacts } from '../allowed-facts.ts'
import { approvalFacts } from '../approval-facts.ts'
import {
  durationFact,
  entitlementFacts,
  RISK_WORDS,
  secondsOf,
  whoFacts,
  whyFacts,
  windowFacts,
} from '../request-facts.ts'
import type { Approval, RequestView, Window } from '../request-view.ts'
import { accessFacts } from '../statement-facts.ts'
import { durationWords, type Reader, readerTimes } from '../times.ts'
import { facts, words } from './letter.ts'
import { type Mail, mailOf } from './mail.ts'

/** To one administrator: somebody was given something. */
export interface AdminsToldView extends RequestView {
  readonly reader: Reader
  readonly grant: Window
  readonly approvals: readonly Approval[]
}

export function adminsToldMail(view: AdminsToldView): Mail {
  const { organisation, requester, entitlement, request, reader, grant, approvals } = view
  const risk = RISK_WORDS[entitlement.risk].toLowerCase()
  return mailOf({
    subject: `${requester.name} was granted: ${entitlement.title}, ${risk} risk, ${durationWords(secondsOf(view))}`,
    heading: `${requester.name} was granted: ${entitlement.title}`,
    organisation,
    requestId: request.id,
    blocks: [
      words(
        `${reader.name}, this is for your knowledge. It ends by itself at ${readerTimes(grant.notAfter, reader.timezone, 'second')}.`,
      ),
      facts('Who, and why', [...whoFacts(view), ...whyFacts(view)]),
      facts('Who approved', [
        ...approvalFacts(approvals, request.automatic ?? request.rule, reader),
        { label: 'Let in by rule', values: [request.rule], look: 'code' },
      ]),
      facts('What, and for how long', [
        ...entitlementFacts(view),
        durationFact(view),
        ...windowFacts(grant, reader),
        ...allowedFacts(view),
        ...accessFacts(view),
      ]),
      facts('If it should not be', [
        { label: 'Take it away at once', values: [`POST /requests/${request.id}/revoke`], look: 'code' },
      ]),
    ],
  })
}
