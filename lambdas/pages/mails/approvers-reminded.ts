import { durationWords, readerTimes } from '../times.ts'
import { type ApproversAskedView, approvalMail } from './approvers-asked.ts'
import type { Mail } from './mail.ts'

/** To an approver who has not answered yet. */
export function approversRemindedMail(view: ApproversAskedView): Mail {
  const { requester, entitlement, request, reader } = view
  return approvalMail(view, {
    subject: `Reminder: ${requester.name} asks: ${entitlement.title}, ${durationWords(request.durationSeconds)}`,
    heading: `Still waiting for you: ${requester.name} asks: ${entitlement.title}`,
    opening: `${reader.name}, this has waited for an answer since ${readerTimes(request.askedAt, reader.timezone)}. Without one it is given up, and nothing is allowed.`,
  })
}
