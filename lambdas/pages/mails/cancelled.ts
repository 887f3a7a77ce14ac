import { entitlementFacts } from '../request-facts.ts'
import type { RequestView } from '../request-view.ts'
import { durationWords, type Reader, readerTimes } from '../times.ts'
import { facts, words } from './letter.ts'
import { type Mail, mailOf } from './mail.ts'

/** To the requester and to those who were asked: the request was taken back. Reads the same for all of them. */
export interface CancelledView extends RequestView {
  readonly reader: Reader
  readonly cancelledAt: Date
}

export function cancelledMail(view: CancelledView): Mail {
  const { organisation, requester, entitlement, request, reader, cancelledAt } = view
  return mailOf({
    subject: `Taken back: ${entitlement.title}, asked by ${requester.name}`,
    heading: `Taken back: ${entitlement.title}`,
    organisation,
    requestId: request.id,
    blocks: [
      words(
        `${reader.name}, ${requester.name} took this request back: no answer is needed any more. The links that were sent do not work, and nothing was allowed.`,
      ),
      facts('What was asked', [
        { label: 'Requester', values: [`${requester.name} <${requester.email}>`] },
        ...entitlementFacts(view),
        { label: 'Duration', values: [durationWords(request.durationSeconds)] },
        { label: 'Taken back at', values: [readerTimes(cancelledAt, reader.timezone)] },
      ]),
    ],
  })
}
