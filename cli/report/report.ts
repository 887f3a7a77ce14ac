import type { ActivityAnswer } from '../api/activity-answer.ts'
import type { Statement } from '../api/answers.ts'
import { type Approval, approvalsOf, grantedOf, type Origin, originOf, textOf } from './deeds.ts'
import type { ReportedRequest } from './reported-request.ts'

/** The five questions of an auditor about one request, answered. Instants and durations are as the API gives them. */
export interface Report {
  readonly requestId: string
  readonly status: string
  readonly who: Who
  readonly what: Allowed
  readonly why: Why
  readonly when: When
  /** What was done. Undefined where there is nothing to tell yet, or was never access. */
  readonly done: ActivityAnswer | undefined
}

interface Who {
  readonly person: string
  /** The ARN of the IAM user or role. */
  readonly principal: string
  /** Of a role, the name of the one session. */
  readonly session?: string | undefined
  readonly approvals: readonly Approval[]
  /** Nobody was asked: it was approved by an automatic rule or as an emergency. What could have been may go to people all the same. */
  readonly nobodyAsked: boolean
  /** The automatic rule by which nobody was asked. */
  readonly automatic?: string | undefined
  /** Asked for as an emergency, whoever approved it then. */
  readonly isEmergency: boolean
}

interface Allowed {
  readonly entitlement: string
  readonly parameters: Readonly<Record<string, string>>
  readonly policyArn?: string | undefined
  /** The policy of AWS that was attached as it is, without a fence. */
  readonly asIs?: string | undefined
  /** In words. Undefined where there was no grant, or where nobody can say any more. */
  readonly allows?: readonly string[] | undefined
  readonly statements?: readonly Statement[] | undefined
  /** Of the access file the request was judged by. */
  readonly accessHash: string
}

interface Why {
  readonly reason: string
  readonly ticket?: string | undefined
  /** The rule that let the request in, or refused it. */
  readonly rule: string
  /** Of a request that came to nothing: what the ledger says of it. */
  readonly outcome?: string | undefined
  readonly prolongs?: string | undefined
  readonly review?: { readonly verdict: string; readonly by: string; readonly comment?: string | undefined } | undefined
}

interface When {
  readonly asked: string
  readonly asksFor: string
  readonly allowed?: string | undefined
  readonly approved?: string | undefined
  /** The window of the fence. */
  readonly window?: { readonly from: string; readonly to: string } | undefined
  /** When it came to nothing, and by whom; a refusal is nobody's, and its event names who asked. */
  readonly fruitless?: (Pick<Origin, 'at'> & Partial<Origin>) | undefined
  readonly attached?: string | undefined
  readonly ended?: Ended | undefined
  /** IAM read back without the policy. */
  readonly removalProven?: { readonly at: string; readonly answer: string } | undefined
  readonly prolongedBy?: readonly string[] | undefined
}

interface Ended extends Origin {
  readonly cause?: string | undefined
  /** Of who ended it before its time. */
  readonly reason?: string | undefined
}

/** From the answer of `GET /requests/{id}` alone. */
export function reportOf(request: ReportedRequest): Report {
  const { requestId, status, activity } = request
  return {
    requestId,
    status,
    who: whoOf(request),
    what: allowedOf(request),
    why: whyOf(request),
    when: whenOf(request),
    done: activity,
  }
}

function whoOf({ requester, principal, session, breakGlass, ...request }: ReportedRequest): Who {
  const approval = request.events.find(({ type }) => type === 'approved')?.details
  return {
    person: requester,
    principal,
    session: session?.name,
    approvals: approvalsOf(request),
    nobodyAsked: approval !== undefined && approval.decision === undefined,
    automatic: textOf(approval?.automatic),
    isEmergency: breakGlass === true,
  }
}

function allowedOf(request: ReportedRequest): Allowed {
  const { entitlement, parameters, grant, asIs, allows, statements = grantedOf(request.events), accessHash } = request
  return {
    entitlement,
    parameters,
    policyArn: grant?.policyArn,
    asIs: asIs?.policyArn,
    allows: allows?.map(({ text }) => text),
    statements,
    accessHash,
  }
}

function whyOf({ reason, ticket, rule, events, debt, ...request }: ReportedRequest): Why {
  const closed = debt?.closed
  return { reason, ticket, rule, outcome: outcomeOf(events), prolongs: request.extends, review: closed }
}

/** What the ledger says of a request that came to nothing. */
function outcomeOf(events: ReportedRequest['events']): string | undefined {
  const end = events.find(({ type }) => Object.hasOwn(FRUITLESS, type))
  return end && (textOf(end.details.detail) ?? textOf(end.details.why) ?? FRUITLESS[end.type])
}

const FRUITLESS: Readonly<Record<string, string>> = {
  refused: 'refused',
  failed: 'failed',
  denied: 'denied',
  unanswered: 'nobody answered in time',
  cancelled: 'taken back',
}

function whenOf({
  askedAt,
  duration,
  allowedDuration,
  events,
  grant,
  receipt,
  endCause,
  extendedBy,
}: ReportedRequest): When {
  return {
    asked: askedAt,
    asksFor: duration,
    allowed: allowedDuration,
    approved: originOf(events, 'approved')?.at,
    window: grant && { from: grant.notBefore, to: grant.notAfter },
    fruitless: fruitlessOf(events),
    attached: originOf(events, 'activated')?.at,
    ended: endedBy(events, endCause),
    removalProven: receipt && { at: receipt.verifiedAt, answer: receipt.policy },
    prolongedBy: extendedBy,
  }
}

function fruitlessOf(events: ReportedRequest['events']): When['fruitless'] {
  const origin = Object.keys(FRUITLESS).flatMap(type => originOf(events, type) ?? [])[0]
  return origin && events.some(({ type }) => type === 'refused') ? { at: origin.at } : origin
}

/** Who ended it, and why: of an end before its time who ordered it, whoever finished it. */
function endedBy(events: ReportedRequest['events'], cause: string | undefined): Ended | undefined {
  const ended = originOf(events, 'ended')
  if (!ended) return undefined
  const ordered = originOf(events, 'end-ordered')
  const reason = textOf(events.find(({ type }) => type === 'end-ordered')?.details.reason)
  return { at: ended.at, by: (ordered ?? ended).by, cause, reason }
}
