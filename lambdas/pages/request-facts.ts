import type { Conditions, Risk } from '../domain/access-file.ts'
import type { Statement } from '../domain/parameters.ts'
import type { Approval, ApproverView, RequesterHistory, RequestView, StageView, Window } from './request-view.ts'
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
    { label: 'IAM principal', values: [request.principal.arn], look: 'code' },
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
    ...(parameters.length === 0 ? [] : [{ label: 'Parameters', values: parameters, look: 'code' as const }]),
  ]
}

/** The exact actions, resources and conditions, statement by statement: actions of one never read as if on resources of another. */
export function accessFacts({ statements }: Pick<RequestView, 'statements'>): readonly Fact[] {
  return statements.flatMap(({ actions, resources, conditions }, index) => {
    const of = statements.length === 1 ? '' : ` (${index + 1} of ${statements.length})`
    const only = conditionLines(conditions ?? {})
    return [
      { label: `Actions${of}`, values: actions, look: 'code' as const },
      { label: `Resources${of}`, values: resources, look: 'code' as const },
      ...(only.length === 0 ? [] : [{ label: `Only when${of}`, values: only, look: 'code' as const }]),
    ]
  })
}

/** How long and from when, before all have approved. `moment` is what the window waits for: `you approve`. */
export function askedWindowFacts({ request }: RequestView, moment: string, { timezone }: Reader): readonly Fact[] {
  const { durationSeconds, earliestStart } = request
  const from = earliestStart
    ? `From ${readerTimes(earliestStart, timezone)}, or from the moment ${moment} if that is later`
    : `From the moment ${moment}`
  return [
    { label: 'Duration', values: [durationWords(durationSeconds)] },
    { label: 'Window', values: [`${from}, for ${durationWords(durationSeconds)}. Then it ends by itself.`] },
  ]
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

export function circumstanceFacts(
  { request, stage, history, offHours }: ApproverView,
  reader: Reader,
): readonly Fact[] {
  return [
    { label: 'Asked at', values: [readerTimes(request.askedAt, reader.timezone)] },
    ...(offHours === undefined
      ? []
      : [{ label: 'Off-hours', values: [offHours ? 'Yes: asked outside working hours' : 'No'] }]),
    ...(history ? [{ label: 'History', values: historyLines(history, reader) }] : []),
    { label: 'Let in by rule', values: [request.rule], look: 'code' },
    ...(stage ? [{ label: 'Stage', values: [stageLine(stage)] }] : []),
  ]
}

export function answerByFact({ request }: RequestView, { timezone }: Reader): Fact {
  return { label: 'Answer by', values: [readerTimes(request.answerBy, timezone)] }
}

/** Who approved and what they said; a request that no stage guards is approved by its rule. */
export function approvalFacts(approvals: readonly Approval[], rule: string, { timezone }: Reader): readonly Fact[] {
  if (approvals.length === 0) return [{ label: 'Approved by', values: [`Nobody was asked: rule ${rule} approves`] }]
  return [
    { label: 'Approved by', values: approvals.map(({ approver, at }) => `${approver}, ${readerTimes(at, timezone)}`) },
    ...approvals.flatMap(({ approver, comment }): readonly Fact[] =>
      comment ? [{ label: `Comment of ${approver}`, values: [comment], look: 'quote' }] : [],
    ),
  ]
}

/** The statements as IAM will hold them, but for the fence. */
export function policyJson(statements: readonly Statement[]): string {
  const policyStatements = statements.map(({ actions, resources, conditions }) => ({
    Effect: 'Allow',
    Action: actions,
    Resource: resources,
    ...(conditions && { Condition: conditions }),
  }))
  return JSON.stringify(policyStatements, null, 2)
}

/** What is missing in `policyJson`, in words. */
export function fenceWords({ requester, request, statements }: RequestView): string {
  const needs = everywhereNeeded(statements)
  const also = needs.length === 0 ? '' : `The conditions above hold for every call: it needs ${needs.join('; ')}. `
  return `${also}On approval Lapse adds two conditions to every statement: the time, start and end to the second, and the person, ${requester.name} as IAM user ${request.principal.uniqueId}. Outside them AWS refuses every call.`
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

function historyLines(
  { askedLast90Days, grantedLast90Days, lastAskedAt }: RequesterHistory,
  reader: Reader,
): readonly string[] {
  const last = lastAskedAt ? `Last asked ${readerTimes(lastAskedAt, reader.timezone)}` : 'Never asked before'
  return [`Asked ${times(askedLast90Days)}, granted ${times(grantedLast90Days)} in the last 90 days`, last]
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`
}

function conditionLines(conditions: Conditions): readonly string[] {
  return Object.entries(conditions).flatMap(([operator, keys]) =>
    Object.entries(keys).map(
      ([key, value]) => `${operator} ${key} ${typeof value === 'string' ? value : value.join(', ')}`,
    ),
  )
}
