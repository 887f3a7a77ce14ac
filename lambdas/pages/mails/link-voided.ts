import { answerByFact, entitlementFacts } from '../request-facts.ts'
import type { RequestView } from '../request-view.ts'
import { type Reader, readerTimes } from '../times.ts'
import { facts, warning, words } from './letter.ts'
import { type Mail, mailOf } from './mail.ts'

/** To the requester, and to administrators: an approval link was closed by wrong codes. */
export interface LinkVoidedView extends RequestView {
  readonly reader: Reader
  /** Name of the approver whose link it was. */
  readonly approver: string
  readonly voidedAt: Date
  /** Names of those who can still answer. */
  readonly canStillAnswer: readonly string[]
}

export function linkVoidedMail(view: LinkVoidedView): Mail {
  const { organisation, requester, entitlement, request, reader, approver, voidedAt, canStillAnswer } = view
  return mailOf({
    subject: `Link closed: ${entitlement.title}, asked by ${requester.name}`,
    heading: `Approval link closed: ${entitlement.title}`,
    organisation,
    requestId: request.id,
    blocks: [
      words(
        `${reader.name}, the code for the link of ${approver} was wrong five times, so the link was closed. Nothing was decided by it.`,
      ),
      facts('What happened', [
        { label: 'Link of', values: [approver] },
        { label: 'Closed at', values: [readerTimes(voidedAt, reader.timezone)] },
        {
          label: 'Can still answer',
          values: canStillAnswer.length > 0 ? canStillAnswer : ['Nobody: the request will be given up'],
        },
        answerByFact(view, reader),
      ]),
      facts('What was asked', [
        { label: 'Requester', values: [`${requester.name} <${requester.email}>`] },
        ...entitlementFacts(view),
      ]),
      warning(`If ${approver} did not mistype the code, somebody else has the link: tell your administrators.`),
    ],
  })
}
