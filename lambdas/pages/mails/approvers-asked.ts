import { allowedFacts } from '../allowed-facts.ts'
import {
  answerByFact,
  approvalMoment,
  askedWindowFacts,
  awayWords,
  circumstanceFacts,
  entitlementFacts,
  fenceWords,
  whoFacts,
  whyFacts,
} from '../request-facts.ts'
import type { ApproverView } from '../request-view.ts'
import { stageFacts } from '../stage-facts.ts'
import { accessFacts, policyJson } from '../statement-facts.ts'
import { durationWords, type Reader, readerTimes } from '../times.ts'
import { type Block, facts, warning, words } from './letter.ts'
import { type Mail, mailOf } from './mail.ts'

/** To one approver: what is asked, and how to answer it. */
export interface ApproversAskedView extends ApproverView {
  readonly reader: Reader
  /** Absent where only a signed call decides: then the mail carries no power, and whoever else has it can do nothing with it. */
  readonly link?: ApprovalLink | undefined
  /** Whether a signed call counts only in a session begun with MFA. */
  readonly needsMfa?: boolean | undefined
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
  const { organisation, request, reader, statements } = view
  return mailOf({
    subject,
    heading,
    organisation,
    requestId: request.id,
    blocks: [
      words(opening),
      ...circumstanceBlocks(view),
      facts('Who asks, and why', [...whoFacts(view), ...whyFacts(view), answerByFact(view, reader)]),
      facts('What it would allow', [
        ...entitlementFacts(view),
        ...askedWindowFacts(view, approvalMoment(view.stage), reader),
        ...allowedFacts(view),
        ...accessFacts(view),
      ]),
      ...standingBlocks(view),
      ...(view.link ? linkBlocks(view, view.link) : signatureBlocks(view)),
      { kind: 'policy', json: policyJson(statements), note: fenceWords(view) },
      facts('How it got here', circumstanceFacts(view, reader)),
    ],
  })
}

function circumstanceBlocks({
  offHours,
  windowOffHours,
  inPlaceOf = [],
  reader,
}: ApproversAskedView): readonly Block[] {
  const places = inPlaceOf.map(away => awayWords(away, reader))
  return [
    ...(places.length > 0 ? [words(`You are asked in place of ${places.join(' and ')}.`)] : []),
    ...(offHours ? [warning('Off-hours: this was asked outside working hours.')] : []),
    ...(windowOffHours ? [warning('Off-hours: its window reaches outside working hours.')] : []),
  ]
}

function standingBlocks({ stage, reader }: ApproversAskedView): readonly Block[] {
  const list = stageFacts(stage, reader)
  return list.length > 0 ? [facts('Where it stands', list)] : []
}

function signatureBlocks({ request, requester, needsMfa }: ApproversAskedView): readonly Block[] {
  const answers = [`lapse approve ${request.id}`, `lapse deny ${request.id}`]
  return [
    facts('Your answer', [
      { label: 'On the command line, with your own AWS credentials', values: answers, look: 'code' },
    ]),
    ...(needsMfa ? [words('It needs a session begun with MFA.')] : []),
    words('This mail carries no power: there is no link and no code, and nobody who has it can answer in your name.'),
    warning(
      `If you did not expect this, do not approve. Ask ${requester.name} in another way than by answering this mail, or deny.`,
    ),
  ]
}

function linkBlocks({ reader, requester }: ApproversAskedView, link: ApprovalLink): readonly Block[] {
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
