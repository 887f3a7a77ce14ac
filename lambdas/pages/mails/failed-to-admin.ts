import { entitlementFacts, whoFacts, whyFacts } from '../request-facts.ts'
import { receiptFacts } from './ended.ts'
import type { FailedView } from './failed.ts'
import { facts, words } from './letter.ts'
import { type Mail, mailOf } from './mail.ts'

/** To one administrator: somebody was to have access and has none. */
export function failedToAdminMail(view: FailedView): Mail {
  const { organisation, requester, entitlement, request, reader, why, receipt } = view
  const left = receipt
    ? 'What had been made was taken away, and that is proven.'
    : 'No policy was attached, so nothing is left behind.'
  return mailOf({
    subject: `Failed: ${entitlement.title} for ${requester.name}`,
    heading: `Failed: ${entitlement.title} for ${requester.name}`,
    organisation,
    requestId: request.id,
    blocks: [
      words(`${reader.name}, this request could not be put in force. ${requester.name} has no access by it. ${left}`),
      facts('What happened', [{ label: 'Why', values: [why] }, ...(receipt ? receiptFacts(receipt, reader) : [])]),
      facts('What was asked for', [...whoFacts(view), ...whyFacts(view), ...entitlementFacts(view)]),
      words('The events of the request say at which step it failed. The requester is told, and can ask again.'),
    ],
  })
}
