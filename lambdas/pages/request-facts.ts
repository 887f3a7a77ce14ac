import type { Risk } from '../domain/access-file.ts'
import type { Statement } from '../domain/parameters.ts'
import { principalWords } from '../domain/principal.ts'
import type { Principal } from '../domain/request.ts'
import { historyFacts } from './history-facts.ts'
import type { ApproverView, Away, RequestView, StageView, Window } from './request-view.ts'
import { durationWords, type Reader, readerTimes } from './times.ts'

/** One labelled thing to know. `code` is exact text of AWS, `quote` the words of a person; the rest are sentences of ours. */
export interface Fact {
  readonly label: string
  readonly values: readonly string[]
  readonly look?: 'code' | 'quote'
}

export const RISK_WORDS: Readonly<Record<Risk, string>> = { low: 'Low', medium: 'Medium', high: 'High' }

export function whoFacts({ requester, request }: RequestView): readonly Fact[] {
  return [
    { label: 'Requester', values: [`${requester.name} <${requester.email}>`] },
    { label: 'IAM principal', values: [principalWords(request.principal)], look: 'code' },
  ]
}

export function whyFacts({ request }: RequestView): readonly Fact[] {
  return [
    { label: 'Reason given', values: [request.reason], look: 'quote' },
    ...(request.ticket === undefined ? [] : [{ label: 'Ticket', values: [request.ticket] }]),
  ]
}

export function entitlementFacts({ entitlement, request }: RequestView): readonly Fact[] {
  const parameters = Object.entries(request.parameters).map(([name, value]) => `${name} = ${value}`)
  return [
    { label: 'Entitlement', values: [entitlement.title, entitlement.description] },
    { label: 'Risk', values: [RISK_WORDS[entitlement.risk]] },
    ...managedPolicyFacts(entitlement, request),
    ...(parameters.length === 0 ? [] : [{ label: 'Parameters', values: parameters, look: 'code' as const }]),
  ]
}

/** What it means that a policy is attached as it is. */
export const NO_FENCE =
  'The policy of AWS itself is attached: AWS allows until Lapse takes it away, and nothing but that ends the access.'

function managedPolicyFacts(
  { managedPolicy }: RequestView['entitlement'],
  { asIs }: RequestView['request'],
): readonly Fact[] {
  if (asIs) {
    const because = managedPolicy?.asIs?.because
    const why = because === undefined ? [] : [`Accepted, because: ${because}`]
    return [
      { label: 'No fence', values: [NO_FENCE, ...why] },
      { label: 'Attached as it is', values: [asIs.policyArn], look: 'code' },
    ]
  }
  if (!managedPolicy) return []
  const { arn, versionId } = managedPolicy
  return [{ label: 'Copied from', values: [`${arn}, version ${versionId}`], look: 'code' }]
}

/** How long and from when, before all have approved. `moment` is what the window waits for: `you approve`. */
export function askedWindowFacts(view: RequestView, moment: string, { timezone }: Reader): readonly Fact[] {
  const { earliestStart } = view.request
  const from = earliestStart
    ? `From ${readerTimes(earliestStart, timezone)}, or from the moment ${moment} if that is later`
    : `From the moment ${moment}`
  return [
    durationFact(view),
    { label: 'Window', values: [`${from}, for ${durationWords(secondsOf(view))}. ${endWords(view)}`] },
  ]
}

function endWords({ request }: RequestView): string {
  return request.asIs ? 'Then Lapse takes the policy away.' : 'Then it ends by itself.'
}

/** How long a grant may last by what is decided so far, in seconds. */
export function secondsOf({ request, shortened }: Pick<RequestView, 'request' | 'shortened'>): number {
  return shortened?.seconds ?? request.durationSeconds
}

/** How long, and whose doing it is if that is less than what was asked for. */
export function durationFact({ request, shortened }: RequestView): Fact {
  const asked = durationWords(request.durationSeconds)
  if (!shortened) return { label: 'Duration', values: [asked] }
  return {
    label: 'Duration',
    values: [`${durationWords(shortened.seconds)}, allowed by ${shortened.by}`, `Asked for: ${asked}`],
  }
}

/** What an approver's window waits for. */
export function approvalMoment(stage: StageView | undefined): string {
  return stage?.isLastApproval === false ? 'the last approval is given' : 'you approve'
}

export function windowFacts({ notBefore, notAfter }: Window, { timezone }: Reader): readonly Fact[] {
  return [
    { label: 'From', values: [readerTimes(notBefore, timezone, 'second')] },
    { label: 'Until', values: [readerTimes(notAfter, timezone, 'second')] },
  ]
}

export function circumstanceFacts(view: ApproverView, reader: Reader): readonly Fact[] {
  const { request, stage, inPlaceOf = [] } = view
  return [
    ...(inPlaceOf.length === 0
      ? []
      : [{ label: 'You answer in place of', values: inPlaceOf.map(away => awayWords(away, reader)) }]),
    { label: 'Asked at', values: [readerTimes(request.askedAt, reader.timezone)] },
    ...offHoursFacts(view),
    ...historyFacts(view, reader),
    { label: 'Let in by rule', values: [request.rule], look: 'code' },
    ...(stage ? [{ label: 'Stage', values: [stageLine(stage)] }] : []),
  ]
}

/** Somebody who is away: `Carol Castillo (until Mon 4 Jan 2027, 00:00 (Europe/Berlin) · Sun 3 Jan 2027, 23:00 UTC: holidays)`. */
export function awayWords({ name, until, because }: Away, { timezone }: Reader): string {
  return `${name} (until ${readerTimes(until, timezone)}: ${because})`
}

function offHoursFacts({ offHours, windowOffHours }: ApproverView): readonly Fact[] {
  if (offHours === undefined) return []
  const said = [
    ...(offHours ? ['Yes: asked outside working hours'] : []),
    ...(windowOffHours ? ['Yes: its window reaches outside working hours'] : []),
  ]
  return [{ label: 'Off-hours', values: said.length > 0 ? said : ['No'] }]
}

export function answerByFact({ request }: RequestView, { timezone }: Reader): Fact {
  return { label: 'Answer by', values: [readerTimes(request.answerBy, timezone)] }
}

/** What is missing in the statements, in words. */
export function fenceWords({ requester, request, statements }: RequestView): string {
  if (request.asIs)
    return `This is what the policy allows; what it denies is not listed. It has no fence. ${NO_FENCE} On approval it is attached to ${requester.name} as IAM user ${request.principal.uniqueId}.`
  const needs = everywhereNeeded(statements)
  const also = needs.length === 0 ? '' : `The conditions above hold for every call: it needs ${needs.join('; ')}. `
  return `${also}On approval Lapse adds two conditions to every statement: the time, start and end to the second, and the person, ${requester.name} as ${fencedPrincipal(request.principal)}. Outside them AWS refuses every call.`
}

function fencedPrincipal({ uniqueId, session }: Principal): string {
  if (!session) return `IAM user ${uniqueId}`
  const identity = session.sourceIdentity === undefined ? '' : ` with source identity ${session.sourceIdentity}`
  return `session ${session.name} of IAM role ${uniqueId}${identity}`
}

/** The fences of the entitlement in words: the conditions that stand on every statement and have a plain meaning. */
function everywhereNeeded(statements: readonly Statement[]): readonly string[] {
  const [first, ...others] = statements.map(({ conditions }) => conditions ?? {})
  return Object.entries(first ?? {}).flatMap(([operator, keys]) =>
    Object.entries(keys).flatMap(([key, value]) => {
      const isEverywhere = others.every(
        conditions => JSON.stringify(conditions[operator]?.[key]) === JSON.stringify(value),
      )
      const words = isEverywhere ? needWords(`${operator} ${key}`, [value].flat().join(' or ')) : undefined
      return words === undefined ? [] : [words]
    }),
  )
}

const PRINCIPAL_TAG = 'StringEquals aws:PrincipalTag/'

function needWords(condition: string, value: string): string | undefined {
  if (condition === 'Bool aws:MultiFactorAuthPresent' && value === 'true') return 'a session begun with MFA'
  if (condition === 'IpAddress aws:SourceIp') return `to come from the address ${value}`
  if (condition === 'StringEquals aws:RequestedRegion') return `to go to the region ${value}`
  if (!condition.startsWith(PRINCIPAL_TAG)) return undefined
  return `the IAM user to be tagged ${condition.slice(PRINCIPAL_TAG.length)} = ${value}`
}

function stageLine({ name, number, count, quorum, approvers, isLastApproval }: StageView): string {
  const needed = `${quorum} of ${approvers} ${approvers === 1 ? 'person' : 'people'} must approve, one denial ends it`
  return `${name}, ${number} of ${count}: ${needed}. ${isLastApproval ? 'Your approval is the last one needed.' : 'More approvals are needed after yours.'}`
}
