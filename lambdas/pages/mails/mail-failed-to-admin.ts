import type { MailFailure } from '../../domain/mail-failure.ts'
import { answerByFact, entitlementFacts } from '../request-facts.ts'
import type { RequestView } from '../request-view.ts'
import { type Reader, readerTimes } from '../times.ts'
import { facts, words } from './letter.ts'
import { type Mail, mailOf } from './mail.ts'

/** To one administrator: a mail did not arrive, and nobody else is asked in its place. */
export interface MailFailedView extends RequestView {
  readonly reader: Reader
  readonly recipient: { readonly name: string; readonly email: string }
  /** The kind of the mail, as events name it. */
  readonly failedKind: string
  readonly how: MailFailure
  readonly at: Date
  /** Names of those who can still answer the request; undefined when it waits for nobody. */
  readonly canStillAnswer?: readonly string[] | undefined
}

export function mailFailedToAdminMail(view: MailFailedView): Mail {
  const { organisation, requester, request, reader, recipient, failedKind, how, at, canStillAnswer } = view
  return mailOf({
    subject: `A mail did not arrive: ${recipient.name}`,
    heading: `A mail to ${recipient.name} did not arrive`,
    organisation,
    requestId: request.id,
    blocks: [
      words(`${reader.name}, ${recipient.name} does not know what this mail was to say, and nobody else was asked.`),
      facts('What happened', [
        { label: 'Recipient', values: [`${recipient.name} <${recipient.email}>`] },
        { label: 'Kind of mail', values: [failedKind], look: 'code' },
        { label: 'How it failed', values: [HOW_WORDS[how]] },
        { label: 'When', values: [readerTimes(at, reader.timezone)] },
      ]),
      facts('The request it is about', [
        { label: 'Requester', values: [`${requester.name} <${requester.email}>`] },
        ...entitlementFacts(view),
        ...(canStillAnswer ? waitingFacts(view, canStillAnswer) : []),
      ]),
      words(
        `Tell ${recipient.name} in another way. If the address is wrong, put it right in the access file; if it is right, see whether the suppression list of SES holds it.`,
      ),
    ],
  })
}

function waitingFacts(view: MailFailedView, names: readonly string[]) {
  const values = names.length > 0 ? names : ['Nobody: the request will be given up']
  return [{ label: 'Can still answer', values }, answerByFact(view, view.reader)]
}

const HOW_WORDS: Readonly<Record<MailFailure, string>> = {
  'not-sent': 'Not sent: SES did not take it',
  bounce: 'Bounced: the server of the recipient refused it',
  complaint: 'Complained about: the recipient called it unwanted',
  reject: 'Rejected: SES did not send it',
  delay: 'Late: the server of the recipient does not take it now',
}
