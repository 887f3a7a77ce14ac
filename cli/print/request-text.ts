import { secondsOfIsoDuration, toShortDuration } from '../../lambdas/domain/duration.ts'
import type { EventAnswer, RequestAnswer, Statement } from '../api/answers.ts'
import type { Ink } from './ink.ts'
import { plainLine } from './plain-line.ts'
import { facts } from './table.ts'

const STYLES = {
  PENDING: 'yellow',
  APPROVED: 'yellow',
  ACTIVE: 'green',
  REFUSED: 'red',
  DENIED: 'red',
  FAILED: 'red',
} as const

/** A status in its colour; one that is over stays plain. */
export function statusText(status: string, ink: Ink): string {
  const style = Object.entries(STYLES).find(([known]) => known === status)?.[1]
  return style ? ink(style, status) : plainLine(status)
}

/** Everything about a request that a person wants to see. */
export function requestText(request: RequestAnswer, ink: Ink): string {
  const { grant, receipt, stages, decisions } = request
  const head = `${ink('bold', plainLine(request.requestId))}  ${statusText(request.status, ink)}\n`
  return (
    head +
    facts(
      {
        who: request.requester,
        entitlement: request.entitlement,
        parameters: parametersText(request.parameters),
        duration: shortDuration(request.duration),
        allowed: request.allowedDuration && shortDuration(request.allowedDuration),
        reason: request.reason,
        ticket: request.ticket,
        'not before': request.notBefore,
        prolongs: request.extends,
        emergency: request.breakGlass ? debtText(request.debt) : undefined,
        rule: request.rule,
        automatic: request.automatic,
        asked: request.askedAt,
        'answer by': request.status === 'PENDING' ? request.answerBy : undefined,
        approval: stages.map(stageText).join('; then '),
        decisions: decisions.map(decisionText).join('; '),
        held: request.heldBy && heldText(request.heldBy),
        'in force': grant && `${grant.notBefore} to ${grant.notAfter}`,
        policy: grant?.policyArn,
        'no fence': request.asIs && `${request.asIs.policyArn} itself is attached; only its removal ends the access`,
        ended: request.endCause,
        removed:
          receipt &&
          `proven at ${receipt.verifiedAt} (${receipt.policy === 'NoSuchEntity' ? 'GetPolicy' : 'the user'}: ${receipt.policy})`,
      },
      ink,
    )
  )
}

/** The timeline, one event a line. */
export function eventsText(events: readonly EventAnswer[], ink: Ink): string {
  return events.map(event => eventText(event, ink)).join('')
}

export function eventText({ at, type, actor }: EventAnswer, ink: Ink): string {
  const who = 'person' in actor ? actor.person : actor.service
  return `  ${ink('dim', plainLine(at))}  ${plainLine(type.padEnd(18))}  ${plainLine(who)}\n`
}

/** Statements as a policy says them, one a paragraph. */
export function statementsText(statements: readonly Statement[], ink: Ink): string {
  return statements
    .map(({ actions, exceptActions, resources, exceptResources, conditions }) =>
      facts(
        {
          allow: actions.join(' '),
          'but not': exceptActions?.join(' '),
          on: resources.join(' '),
          'not on': exceptResources?.join(' '),
          if: conditions && JSON.stringify(conditions),
        },
        ink,
      ),
    )
    .join('\n')
}

export function stageText({ name, quorum, approvers, escalateTo }: RequestAnswer['stages'][number]): string {
  const later = escalateTo && escalateTo.length > 0 ? `, later also ${escalateTo.join(', ')}` : ''
  return `${name}: ${quorum} of ${approvers.join(', ')}${later}`
}

function heldText({ findingId, title }: NonNullable<RequestAnswer['heldBy']>): string {
  return `by finding ${findingId} (${title}): no approval counts until it is closed`
}

function debtText(debt: RequestAnswer['debt']): string {
  if (!debt) return 'yes'
  return debt.closed ? `${debt.closed.verdict}, says ${debt.closed.by}` : `owes a review until ${debt.dueBy}`
}

export function parametersText(parameters: Readonly<Record<string, string>>): string {
  return Object.entries(parameters)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ')
}

/** `PT1H30M` as people say it; what is no duration stays as it came. */
export function shortDuration(text: string): string {
  const seconds = secondsOfIsoDuration(text)
  return seconds === undefined ? text : toShortDuration(seconds)
}

function decisionText({ decision, approver, at, comment, duration }: RequestAnswer['decisions'][number]): string {
  const verb = decision === 'approve' ? 'approved' : 'denied'
  const shorter = duration === undefined ? '' : ` for ${shortDuration(duration)}`
  return `${approver} ${verb}${shorter} at ${at}${comment ? `: ${comment}` : ''}`
}
