import { entitlementFacts, whyFacts } from '../request-facts.ts'
import type { RequestView } from '../request-view.ts'
import { durationWords, type Reader, readerTimes } from '../times.ts'
import { facts, words } from './letter.ts'
import { type Mail, mailOf } from './mail.ts'

/** To the requester: the time to answer is over. */
export interface UnansweredView extends RequestView {
  readonly reader: Reader
  /** Names of those who were asked and did not answer. */
  readonly silent: readonly string[]
}

export function unansweredMail(view: UnansweredView): Mail {
  const { organisation, entitlement, request, reader, silent } = view
  return mailOf({
    subject: `Not answered: ${entitlement.title}, ${durationWords(request.durationSeconds)}`,
    heading: `Not answered: ${entitlement.title}`,
    organisation,
    requestId: request.id,
    blocks: [
      words(`${reader.name}, your request was not answered in time and is given up. You got no access.`),
      facts('What happened', [
        { label: 'Asked at', values: [readerTimes(request.askedAt, reader.timezone)] },
        { label: 'Given up at', values: [readerTimes(request.answerBy, reader.timezone)] },
        { label: 'Did not answer', values: silent },
      ]),
      facts('What you asked for', [
        ...entitlementFacts(view),
        { label: 'Duration', values: [durationWords(request.durationSeconds)] },
        ...whyFacts(view),
      ]),
      words('If you still need it, reach one of them first, then ask again.'),
    ],
  })
}
