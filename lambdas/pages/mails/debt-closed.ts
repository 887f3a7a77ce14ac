import type { DebtVerdict } from '../../domain/request.ts'
import { entitlementFacts, whoFacts, whyFacts } from '../request-facts.ts'
import type { RequestView } from '../request-view.ts'
import { type Reader, readerTimes } from '../times.ts'
import { facts, words } from './letter.ts'
import { type Mail, mailOf } from './mail.ts'

/** To the requester and to administrators: what a reviewer says of an emergency. */
export interface DebtClosedView extends RequestView {
  readonly reader: Reader
  /** Name of the reviewer. */
  readonly reviewer: string
  readonly verdict: DebtVerdict
  readonly comment: string
  readonly closedAt: Date
}

export function debtClosedMail(view: DebtClosedView): Mail {
  const { organisation, requester, entitlement, request, reader, reviewer, verdict, comment, closedAt } = view
  return mailOf({
    subject: `Reviewed: emergency access of ${requester.name}, ${VERDICT_WORDS[verdict].toLowerCase()}`,
    heading: `Emergency access reviewed: ${VERDICT_WORDS[verdict]}`,
    organisation,
    requestId: request.id,
    blocks: [
      words(`${reader.name}, ${reviewer} reviewed the emergency access of ${requester.name}: ${entitlement.title}.`),
      facts('The verdict', [
        { label: 'Verdict', values: [VERDICT_WORDS[verdict]] },
        { label: 'Comment', values: [comment], look: 'quote' },
        { label: 'By', values: [`${reviewer}, ${readerTimes(closedAt, reader.timezone)}`] },
      ]),
      facts('What it was', [...whoFacts(view), ...whyFacts(view), ...entitlementFacts(view)]),
    ],
  })
}

const VERDICT_WORDS: Readonly<Record<DebtVerdict, string>> = {
  justified: 'Justified',
  'not-justified': 'Not justified',
}
