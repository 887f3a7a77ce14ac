import type { Debt } from '../../domain/request.ts'
import { entitlementFacts, whoFacts, whyFacts, windowFacts } from '../request-facts.ts'
import type { RequestView, Window } from '../request-view.ts'
import { accessFacts } from '../statement-facts.ts'
import { durationWords, type Reader, readerTimes } from '../times.ts'
import { facts, warning, words } from './letter.ts'
import { type Mail, mailOf } from './mail.ts'

/** To everybody concerned: somebody took access in an emergency, and nobody was asked. */
export interface BreakGlassUsedView extends RequestView {
  readonly reader: Reader
  readonly grant: Window
  readonly debt: Debt
  /** Names of those who may close the review. */
  readonly reviewers: readonly string[]
  /** Whether the reader is one of them. */
  readonly isReviewer: boolean
}

export function breakGlassUsedMail(view: BreakGlassUsedView): Mail {
  const { organisation, requester, entitlement, request, reader, grant, debt, reviewers, isReviewer } = view
  const dueBy = readerTimes(debt.dueBy, reader.timezone)
  return mailOf({
    subject: `Emergency access: ${requester.name} took ${entitlement.title}, ${durationWords(request.durationSeconds)}`,
    heading: `Emergency access: ${requester.name} took ${entitlement.title}`,
    organisation,
    requestId: request.id,
    blocks: [
      warning(`${reader.name}, nobody was asked: ${requester.name} says it is an emergency.`),
      facts('Who, and why', [...whoFacts(view), ...whyFacts(view)]),
      facts('What, and for how long', [...entitlementFacts(view), ...windowFacts(grant, reader), ...accessFacts(view)]),
      facts('If it should not be', [
        { label: 'An administrator takes it away', values: [`POST /requests/${request.id}/revoke`], look: 'code' },
      ]),
      facts('The review', [
        { label: 'Due by', values: [dueBy] },
        { label: 'By one of', values: reviewers },
        ...(isReviewer
          ? [{ label: 'How you close it', values: [`POST /requests/${request.id}/review`], look: 'code' as const }]
          : []),
      ]),
      words(
        `Until somebody closes the review, a further emergency of ${requester.name} waits for approval like any other request.`,
      ),
    ],
  })
}
