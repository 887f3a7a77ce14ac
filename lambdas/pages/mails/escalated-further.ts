import type { EscalationCause } from '../../domain/escalation.ts'
import { answerByFact, entitlementFacts, whyFacts } from '../request-facts.ts'
import type { RequestView } from '../request-view.ts'
import { durationWords, type Reader } from '../times.ts'
import { CAUSE_WORDS } from './escalated-to-you.ts'
import { facts, words } from './letter.ts'
import { type Mail, mailOf } from './mail.ts'

/** To somebody who was asked first: others are asked too. Carries no link; the one they have works. */
export interface EscalatedFurtherView extends RequestView {
  readonly reader: Reader
  readonly why: EscalationCause
  /** Names of who is asked too. */
  readonly alsoAsked: readonly string[]
}

export function escalatedFurtherMail(view: EscalatedFurtherView): Mail {
  const { organisation, requester, entitlement, request, reader, why, alsoAsked } = view
  const asks = `${requester.name} asks: ${entitlement.title}`
  return mailOf({
    subject: `Others are asked too: ${asks}`,
    heading: `Others are asked too: ${asks}`,
    organisation,
    requestId: request.id,
    blocks: [
      words(
        `${reader.name}, you were asked about this, and ${CAUSE_WORDS[why]}. Others are asked too now. You can still answer, by the mail you have.`,
      ),
      facts('Where it stands', [{ label: 'Also asked', values: alsoAsked }, answerByFact(view, reader)]),
      facts('What was asked', [
        { label: 'Requester', values: [`${requester.name} <${requester.email}>`] },
        ...entitlementFacts(view),
        { label: 'Duration', values: [durationWords(request.durationSeconds)] },
        ...whyFacts(view),
      ]),
    ],
  })
}
