import type { EscalationCause } from '../../domain/escalation.ts'
import { durationWords } from '../times.ts'
import { type ApproversAskedView, approvalMail } from './approvers-asked.ts'
import type { Mail } from './mail.ts'

/** To somebody a stage has gone on to: asked like those who were asked first. */
export interface EscalatedToYouView extends ApproversAskedView {
  readonly why: EscalationCause
  /** Names of those who were asked first. */
  readonly firstAsked: readonly string[]
}

export function escalatedToYouMail(view: EscalatedToYouView): Mail {
  const { requester, entitlement, request, reader, why, firstAsked } = view
  const asks = `${requester.name} asks: ${entitlement.title}`
  return approvalMail(view, {
    subject: `Passed on to you: ${asks}, ${durationWords(request.durationSeconds)}`,
    heading: `Passed on to you: ${asks}`,
    opening: `${reader.name}, ${firstAsked.join(', ')} ${firstAsked.length === 1 ? 'was' : 'were'} asked first, and ${CAUSE_WORDS[why]}. So you are asked too. Nothing is allowed until it is answered.`,
  })
}

/** Why a stage has gone on to others, as the end of a sentence. */
export const CAUSE_WORDS: Readonly<Record<EscalationCause, string>> = {
  time: 'it was not answered in time',
  'mail-bounced': 'a mail about it did not arrive',
}
