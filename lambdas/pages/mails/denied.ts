import { entitlementFacts, whyFacts } from '../request-facts.ts'
import type { RequestView } from '../request-view.ts'
import { durationWords, type Reader, readerTimes } from '../times.ts'
import { facts, words } from './letter.ts'
import { type Mail, mailOf } from './mail.ts'

/** To the requester: somebody said no. */
export interface DeniedView extends RequestView {
  readonly reader: Reader
  readonly denial: { readonly approver: string; readonly at: Date; readonly comment?: string | undefined }
}

export function deniedMail(view: DeniedView): Mail {
  const { organisation, entitlement, request, reader, denial } = view
  const { approver, at, comment } = denial
  return mailOf({
    subject: `Denied: ${entitlement.title}, ${durationWords(request.durationSeconds)}`,
    heading: `Denied: ${entitlement.title}`,
    organisation,
    requestId: request.id,
    blocks: [
      words(`${reader.name}, ${approver} denied your request. You got no access.`),
      facts('The answer', [
        { label: 'Denied by', values: [`${approver}, ${readerTimes(at, reader.timezone)}`] },
        comment
          ? { label: `Comment of ${approver}`, values: [comment], look: 'quote' }
          : { label: `Comment of ${approver}`, values: ['None'] },
      ]),
      facts('What you asked for', [
        ...entitlementFacts(view),
        { label: 'Duration', values: [durationWords(request.durationSeconds)] },
        ...whyFacts(view),
      ]),
      words(`If you still need it, talk to ${approver} and ask again.`),
    ],
  })
}
