import type { Logger } from '@aws-lambda-powertools/logger'
import {
  type Answered,
  type DecideByLinkDeps,
  decideByLink,
  type Opened,
  type OpenLink,
  openLink,
} from '../../application/decide-by-link.ts'
import { earlierRequests } from '../../application/earlier-requests.ts'
import { holdOf } from '../../application/hold-of.ts'
import { partiesOf, readerOf } from '../../application/tell.ts'
import { $DecisionForm, $LinkToken, SIX_DIGITS } from '../../contract/decision-form.ts'
import { shorterDurations } from '../../domain/shorter-durations.ts'
import { circumstancesOf } from '../../pages/circumstances-of.ts'
import type { FormProblem, Retry } from '../../pages/decision-form.ts'
import { decisionPage } from '../../pages/decision-page.ts'
import { PAGE_HEADERS } from '../../pages/headers.ts'
import { OUTCOME_STATUS, type OutcomeView, outcomePage } from '../../pages/outcome-page.ts'
import { secondsOf } from '../../pages/request-facts.ts'
import { shortenedOf, stageOf } from '../../pages/stage-of.ts'
import { durationWords } from '../../pages/times.ts'
import type { ApiAnswer, ApiEvent } from '../../runtime/api.ts'
import { bodyText } from '../../runtime/body.ts'
import { sourceAddressOf } from '../../runtime/source-address.ts'

/**
 * `GET /decide/{token}` shows what is asked; `POST` takes the answer. The token is the only credential, so nothing here may tell a
 * dead link from one that never was, and GET changes nothing, however often a mail scanner calls it.
 */
export function createHandler(deps: DecideByLinkDeps, logger: Pick<Logger, 'error'>) {
  return async (event: ApiEvent): Promise<ApiAnswer> => {
    const token = $LinkToken.safeParse(event.pathParameters?.token)
    if (event.httpMethod !== 'GET' && event.httpMethod !== 'POST')
      return page({ outcome: 'method-not-allowed' }, { allow: 'GET, POST' })
    if (!token.success || isFromElsewhere(event)) return page({ outcome: 'no-longer-valid' })
    const opened = await openLink(deps, token.data)
    if (opened.outcome !== 'open') return closedPage(opened)
    if (event.httpMethod === 'GET') return formPage(deps, opened)

    const form = formOf(event)
    if (!form.success) return unusableForm(deps, opened, form)
    const { decision, seen, code, comment, duration: durationSeconds } = form.data
    if (seen !== opened.seen) return page({ outcome: 'changed-since-shown' })
    if (opened.link.codeHash !== undefined && !SIX_DIGITS.test(code)) {
      return formPage(deps, opened, retryOf(form.fields, { kind: 'not-a-code' }))
    }
    const from = sourceAddressOf(event)
    const answered = await decideByLink(deps, opened, { decision, seen, code, comment, durationSeconds, from })
    if (answered.outcome === 'decided' && answered.wakeFailure !== undefined) {
      logger.error('the workflow could not be woken', { requestId: answered.request.id, cause: answered.wakeFailure })
    }
    return answerPage(deps, opened, answered, form.fields)
  }
}

function answerPage(
  deps: DecideByLinkDeps,
  opened: OpenLink,
  answered: Answered,
  fields: Fields,
): Promise<ApiAnswer> | ApiAnswer {
  if (answered.outcome === 'wrong-code') {
    return formPage(deps, opened, retryOf(fields, { kind: 'wrong-code', triesLeft: answered.triesLeft }))
  }
  if (answered.outcome === 'voided') return page({ outcome: 'voided' })
  if (answered.outcome === 'refused') {
    const problem = problemOf(deps, opened, answered)
    return problem ? formPage(deps, opened, retryOf(fields, problem)) : page(refusalView(opened, answered))
  }
  if (answered.outcome !== 'decided') return page({ outcome: 'no-longer-valid' })
  const { request, verdict } = answered
  const about = { ...aboutOf(deps, { ...opened, request }), request, approver: readerOf(deps.access, opened.approver) }
  if (verdict === 'denied') return page({ ...about, outcome: 'denied' })
  return page({ ...about, outcome: 'approved', grant: request.grant })
}

type Refusal = Extract<Answered, { outcome: 'refused' }>

/** What another answer through the same link would cure. */
function problemOf(deps: DecideByLinkDeps, opened: OpenLink, { why }: Refusal): FormProblem | undefined {
  if (why === 'held') return { kind: 'held' }
  return why === 'duration-too-long' || why === 'duration-too-short' ? notThatDuration(deps, opened) : undefined
}

function notThatDuration({ access }: DecideByLinkDeps, { request }: OpenLink): FormProblem {
  const [shortest, longest] = [access.limits.shortestGrantSeconds, request.durationSeconds].map(durationWords)
  return { kind: 'not-that-duration', wouldPass: `${shortest} to ${longest}` }
}

function refusalView({ request }: OpenLink, { why }: Refusal): OutcomeView {
  switch (why) {
    case 'held':
    case 'duration-too-long':
    case 'duration-too-short':
      return { outcome: 'bad-form' }
    case 'needs-signature':
      return { outcome: 'needs-signature', requestId: request.id }
    case 'changed-since-shown':
      return { outcome: 'changed-since-shown' }
    case 'own-request':
    case 'not-an-approver':
      return { outcome: 'not-an-approver' }
    case 'too-late':
      return { outcome: 'no-longer-valid' }
    case 'not-pending':
    case 'already-decided':
      return { outcome: 'already-decided' }
  }
}

function closedPage(opened: Exclude<Opened, { outcome: 'open' }>): ApiAnswer {
  if (opened.outcome === 'dead') return page({ outcome: 'no-longer-valid' })
  if (opened.outcome === 'rules-changed') return page({ outcome: 'changed-since-shown' })
  if (opened.outcome === 'needs-signature') return page({ outcome: 'needs-signature', requestId: opened.request.id })
  return page({ outcome: 'already-decided', status: opened.request.status })
}

async function formPage(deps: DecideByLinkDeps, opened: OpenLink, retry?: Retry): Promise<ApiAnswer> {
  const { approver, link, request, seen, shortestGrantSeconds } = opened
  const [earlier, hold] = await Promise.all([earlierRequests(deps, request), holdOf(deps, request)])
  const about = { ...aboutOf(deps, opened), request }
  const body = decisionPage({
    ...about,
    ...circumstancesOf(deps.access, request, approver.id),
    stage: stageOf(deps.access, request),
    shorter: shorterDurations(secondsOf(about), shortestGrantSeconds),
    approver: readerOf(deps.access, approver),
    seen,
    codeRequired: link.codeHash !== undefined,
    linkExpiresAt: link.expiresAt,
    hold,
    ...earlier,
    ...(retry && { retry }),
  })
  const statusCode = retry?.problem.kind === 'held' ? 409 : retry ? 400 : 200
  return { statusCode, headers: PAGE_HEADERS, body }
}

function aboutOf({ access }: DecideByLinkDeps, { request, statements }: OpenLink) {
  const shortened = shortenedOf(access, request)
  return { organisation: access.organisation, ...partiesOf(access, request), statements, shortened }
}

function page(view: OutcomeView, headers: Record<string, string> = {}): ApiAnswer {
  return { statusCode: OUTCOME_STATUS[view.outcome], headers: { ...PAGE_HEADERS, ...headers }, body: outcomePage(view) }
}

type Fields = Readonly<Record<string, string>>

function formOf(event: ApiEvent) {
  const fields: Fields = Object.fromEntries(new URLSearchParams(bodyText(event)))
  return { fields, ...$DecisionForm.safeParse(fields) }
}

/** What a person can put right is shown in the form again, with what they typed; anything else was no form of ours. */
function unusableForm(
  deps: DecideByLinkDeps,
  opened: OpenLink,
  { fields, error }: ReturnType<typeof formOf>,
): Promise<ApiAnswer> | ApiAnswer {
  const wrong = new Set(error?.issues.map(({ path }) => path[0]))
  const [field] = wrong.size === 1 ? [...wrong] : []
  const problem = field === 'duration' ? notThatDuration(deps, opened) : FIELD_PROBLEMS[String(field)]
  return problem ? formPage(deps, opened, retryOf(fields, problem)) : page({ outcome: 'bad-form' })
}

function retryOf({ comment = '', duration }: Fields, problem: FormProblem): Retry {
  return { problem, comment, duration }
}

const FIELD_PROBLEMS: Readonly<Record<string, FormProblem>> = {
  comment: { kind: 'comment-too-long' },
  decision: { kind: 'no-decision' },
  code: { kind: 'not-a-code' },
}

/** A form posted from another site. Browsers say so; what sends no such header is no browser and gains nothing by it. */
function isFromElsewhere({ httpMethod, headers }: ApiEvent): boolean {
  if (httpMethod !== 'POST') return false
  const site = Object.entries(headers).find(([name]) => name.toLowerCase() === 'sec-fetch-site')?.[1]
  return site !== undefined && site !== 'same-origin'
}
