import type { Receipt } from '../../domain/request.ts'
import { entitlementFacts } from '../request-facts.ts'
import type { RequestView } from '../request-view.ts'
import { durationWords, type Reader } from '../times.ts'
import { receiptFacts } from './ended.ts'
import { facts, words } from './letter.ts'
import { type Mail, mailOf } from './mail.ts'

/** To the requester: the request could not be carried out, and nothing of it is left. */
export interface FailedView extends RequestView {
  readonly reader: Reader
  readonly why: string
  /** Present when there was something that could have been left behind. */
  readonly receipt?: Receipt | undefined
}

export function failedMail(view: FailedView): Mail {
  const { organisation, entitlement, request, reader, why, receipt } = view
  const left = receipt
    ? 'What had been made was taken away, and that is proven.'
    : 'No policy was attached, so nothing is left behind.'
  return mailOf({
    subject: `Failed: ${entitlement.title}`,
    heading: `Failed: ${entitlement.title}`,
    organisation,
    requestId: request.id,
    blocks: [
      words(`${reader.name}, your request was approved but could not be put in force. You have no access. ${left}`),
      facts('What happened', [{ label: 'Why', values: [why] }, ...(receipt ? receiptFacts(receipt, reader) : [])]),
      facts('What you asked for', [
        ...entitlementFacts(view),
        { label: 'Duration', values: [durationWords(request.durationSeconds)] },
      ]),
      words('Your administrators are told. You can ask again.'),
    ],
  })
}
