import {
  accessFacts,
  answerByFact,
  approvalMoment,
  askedWindowFacts,
  circumstanceFacts,
  entitlementFacts,
  fenceWords,
  policyJson,
  whoFacts,
  whyFacts,
} from '../request-facts.ts'
import type { ApproverView } from '../request-view.ts'
import { durationWords, type Reader, readerTimes } from '../times.ts'
import { type Block, facts, warning, words } from './letter.ts'
import { type Mail, mailOf } from './mail.ts'

/** To one approver: what is asked, and the link to answer it. */
export interface ApproversAskedView extends ApproverView {
  readonly reader: Reader
  readonly link: ApprovalLink
}

export interface ApprovalLink {
  readonly url: string
  readonly expiresAt: Date
  /** Six digits; absent where the entitlement asks for none. */
  readonly code?: string | undefined
}

/** Asks an approver. Invariant: the code stands in the body alone, never in the subject nor in the link. */
export function approversAskedMail(view: ApproversAskedView): Mail {
  const { requester, entitlement, request } = view
  return approvalMail(view, {
    subject: `${requester.name} asks: ${entitlement.title}, ${durationWords(request.durationSeconds)}`,
    heading: `${requester.name} asks: ${entitlement.title}`,
    opening: `${view.reader.name}, you are asked to approve or deny this. Nothing is allowed until you answer.`,
  })
}

/** The mail of an approver with the given heading: the first ask and the reminder say the same facts. */
export function approvalMail(
  view: ApproversAskedView,
  { subject, heading, opening }: { readonly subject: string; readonly heading: string; readonly opening: string },
): Mail {
  const { organisation, request, reader, statements, offHours } = view
  return mailOf({
    subject,
    heading,
    organisation,
    requestId: request.id,
    blocks: [
      words(opening),
      ...(offHours ? [warning('Off-hours: this was asked outside working hours.')] : []),
      facts('Who asks, and why', [...whoFacts(view), ...whyFacts(view), answerByFact(view, reader)]),
      facts('What it would allow', [
        ...entitlementFacts(view),
        ...askedWindowFacts(view, approvalMoment(view.stage), reader),
        ...accessFacts(view),
      ]),
      ...answerBlocks(view),
      { kind: 'policy', json: policyJson(statements), note: fenceWords(view) },
      facts('How it got here', circumstanceFacts(view, reader)),
    ],
  })
}

function answerBlocks({ link, reader, requester }: ApproversAskedView): readonly Block[] {
  const { url, code, expiresAt } = link
  const withCode = code === undefined ? '' : ' The page asks for the code.'
  return [
    { kind: 'facts', title: 'Your answer', facts: [] },
    ...(code === undefined ? [] : [{ kind: 'code', label: 'Your code', code } as const]),
    { kind: 'link', label: 'Open this page to approve or deny', url },
    words(
      `Opening the page changes nothing.${withCode} The link is for you alone and works once, until ${readerTimes(expiresAt, reader.timezone)}. Do not forward this mail: whoever has it can answer in your name.`,
    ),
    warning(
      `If you did not expect this, do not approve. Ask ${requester.name} in another way than by answering this mail, or deny. Lapse never asks for a password.`,
    ),
  ]
}
