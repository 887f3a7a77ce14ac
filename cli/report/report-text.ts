import { activityText } from '../print/activity-text.ts'
import type { Ink } from '../print/ink.ts'
import { plainLine } from '../print/plain-line.ts'
import { parametersText, shortDuration, statementsText, statusText } from '../print/request-text.ts'
import { facts } from '../print/table.ts'
import type { Approval } from './deeds.ts'
import type { Proof } from './proof.ts'
import type { Report } from './report.ts'

/** The report as a page of plain text: a heading for each question. */
export function reportText(report: Report, proof: Proof, ink: Ink): string {
  const heading = (text: string) => `\n${ink('bold', text)}\n`
  return [
    `${ink('bold', plainLine(report.requestId))}  ${statusText(report.status, ink)}\n`,
    `${heading('Who')}${whoText(report, ink)}`,
    `${heading('Which resources')}${resourcesText(report, ink)}`,
    `${heading('Why')}${whyText(report, ink)}`,
    `${heading('When')}${whenText(report, ink)}`,
    `\n${doneText(report, ink)}`,
    `${heading('Proof')}${proofText(report, proof, ink)}`,
  ].join('')
}

function whoText({ who }: Report, ink: Ink): string {
  const { person, principal, session, approvals, nobodyAsked, automatic, isEmergency } = who
  return facts(
    {
      person,
      principal,
      session,
      'asked as': isEmergency ? 'an emergency' : undefined,
      approved: nobodyAsked ? `nobody was asked: ${automatic ?? 'an emergency'}` : undefined,
      ...numbered('decision', approvals.map(decisionText)),
    },
    ink,
  )
}

function decisionText({ by, decision, at, stage, via, duration, inPlaceOf }: Approval): string {
  const whom = inPlaceOf === undefined ? by : `${by}, in place of ${inPlaceOf},`
  const shorter = duration === undefined ? '' : `, for ${shortDuration(duration)} at most`
  const how = via === 'signed' ? 'by a signed call' : `by the ${via} of a mail`
  const of = stage === undefined ? '' : `, stage “${stage}”`
  return `${whom} ${decision === 'approve' ? 'approved' : 'denied'} at ${at}, ${how}${of}${shorter}`
}

/** `comment`, or `comment 1`, `comment 2` where there are several. */
function numbered(name: string, texts: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(texts.map((text, index) => [texts.length === 1 ? name : `${name} ${index + 1}`, text]))
}

function resourcesText({ what }: Report, ink: Ink): string {
  const { entitlement, parameters, policyArn, asIs, allows, statements, accessHash } = what
  const unknown = policyArn !== undefined && statements === undefined
  const head = facts(
    {
      entitlement,
      parameters: parametersText(parameters),
      policy: policyArn,
      'no fence': asIs && `${asIs} itself was attached; only its removal ends the access`,
      allowed: unknown ? 'not known: the access file gives another policy today than was granted' : undefined,
      'access file': accessHash,
    },
    ink,
  )
  const words = allows?.map(sentence => `  ${plainLine(sentence)}\n`).join('') ?? ''
  return `${head}${words}${statements ? `\n${statementsText(statements, ink)}` : ''}`
}

function whyText({ why: { reason, ticket, rule, outcome, prolongs, review }, who }: Report, ink: Ink): string {
  const comments = who.approvals.flatMap(({ by, comment }) => (comment === undefined ? [] : [`${by}: ${comment}`]))
  const said = review?.comment ? `: ${review.comment}` : ''
  const reviewed = review && `${review.verdict}, says ${review.by}${said}`
  const came = { 'came to nothing': outcome, prolongs, reviewed }
  return facts({ reason, ticket, rule, ...numbered('comment', comments), ...came }, ink)
}

function whenText({ when }: Report, ink: Ink): string {
  const { asked, asksFor, allowed, approved, window, fruitless, attached, ended, removalProven, prolongedBy } = when
  const shorter = allowed === undefined ? '' : `; ${shortDuration(allowed)} was allowed`
  return facts(
    {
      asked: `${asked}, for ${shortDuration(asksFor)}${shorter}`,
      approved,
      window: window && `${window.from} to ${window.to}`,
      'came to nothing': fruitless && (fruitless.by ? `${fruitless.at}, by ${fruitless.by}` : fruitless.at),
      attached,
      ended: ended && `${ended.at}, ${ended.cause ?? ''}, by ${ended.by}${ended.reason ? `: ${ended.reason}` : ''}`,
      'proven gone': removalProven && `${removalProven.at} (IAM answered ${removalProven.answer})`,
      'prolonged by': prolongedBy?.join(', '),
    },
    ink,
  )
}

function doneText({ done, status, when }: Report, ink: Ink): string {
  if (done) return activityText(done, ink)
  // What failed on its way may have been attached for a moment: where there is a receipt, its books are closed too.
  const mayHaveBeen = when.attached ?? when.removalProven
  const unread = mayHaveBeen ? 'not read yet: CloudTrail is asked 20 minutes after the proven end' : NEVER_IN_FORCE
  return `${ink('bold', 'What was done')}\n  ${OPEN.has(status) ? 'nothing yet: the grant is not in force' : unread}\n`
}
const OPEN: ReadonlySet<string> = new Set(['PENDING', 'APPROVED'])
const NEVER_IN_FORCE = 'nothing: the grant never was in force'

function proofText({ requestId }: Report, { events, head, done, flaws }: Proof, ink: Ink): string {
  if (flaws.length > 0) return flaws.map(flaw => `  ${ink('red', 'broken')}  ${plainLine(flaw)}\n`).join('')
  const told = { proven: ', and what was done', provisional: '; what was done is provisional', none: '' }[done]
  const verified = facts({ 'last event': head, archive: `lapse verify --archive <folder> --request ${requestId}` }, ink)
  return `  ${ink('green', 'intact')}  ${events === 1 ? 'the one event proves itself' : `the ${events} events prove each other`}${told}\n${verified}`
}
