import type { EndCause, Receipt } from '../../domain/request.ts'
import { durationFact, type Fact, windowFacts } from '../request-facts.ts'
import type { RequestView, Window } from '../request-view.ts'
import { type Reader, readerTimes } from '../times.ts'
import { facts, words } from './letter.ts'
import { type Mail, mailOf } from './mail.ts'

/** To the requester: the receipt. */
export interface EndedView extends RequestView {
  readonly reader: Reader
  readonly grant: Window
  readonly cause: EndCause
  readonly receipt: Receipt
}

export function endedMail(view: EndedView): Mail {
  const { organisation, entitlement, request, reader, grant, cause, receipt } = view
  return mailOf({
    subject: `Ended: ${entitlement.title}`,
    heading: `Ended: ${entitlement.title}`,
    organisation,
    requestId: request.id,
    blocks: [
      words(`${reader.name}, ${goneWords(receipt)}. Nothing is left to do.`),
      facts('How it ended', [
        { label: 'Cause', values: [CAUSE_WORDS[cause]] },
        durationFact(view),
        ...windowFacts(grant, reader),
      ]),
      facts('Receipt', receiptFacts(receipt, reader)),
    ],
  })
}

function goneWords({ policy }: Receipt): string {
  if (policy === 'HeldByOthers')
    return 'this grant is over. You have the policy still, by another grant or by other hands'
  return 'your access is gone, and that is proven'
}

const AFTER_WORDS: Readonly<Record<Receipt['policy'], string>> = {
  NoSuchEntity: 'Gone: IAM answers NoSuchEntity',
  NotAttached: 'Taken away: IAM no longer lists it at the user',
  HeldByOthers: 'Given back: the user has it by another grant, or by other hands',
}

/** What was read back from IAM. */
export function receiptFacts(
  { policyArn, verifiedAt, policy, detached }: Receipt,
  { timezone }: Reader,
): readonly Fact[] {
  const removed =
    detached === 0 ? 'It was detached before' : `${detached} ${detached === 1 ? 'attachment' : 'attachments'} removed`
  return [
    { label: 'Verified at', values: [readerTimes(verifiedAt, timezone, 'second')] },
    { label: 'Policy', values: [`${AFTER_WORDS[policy]}. ${policy === 'HeldByOthers' ? 'It stays' : removed}.`] },
    { label: 'Policy ARN', values: [policyArn], look: 'code' },
  ]
}

const CAUSE_WORDS: Readonly<Record<EndCause, string>> = {
  expired: 'Expired: its time was over',
  returned: 'Returned: you gave it back',
  revoked: 'Revoked: an administrator took it away',
  frozen: 'Frozen: an administrator froze all access',
  external: 'External: the policy was removed outside Lapse',
}
