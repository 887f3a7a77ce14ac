import type { Logger } from '@aws-lambda-powertools/logger'
import {
  type Answered,
  type DecideByLinkDeps,
  decideByLink,
  type Opened,
  type OpenLink,
  openLink,
} from '../../application/decide-by-link.ts'
import { requesterHistory } from '../../application/requester-history.ts'
import { partiesOf, readerOf } from '../../application/tell.ts'
import { $DecisionForm, $LinkToken, type DecisionForm, SIX_DIGITS } from '../../contract/decision-form.ts'
import { decisionPage, type FormProblem } from '../../pages/decision-page.ts'
import { PAGE_HEADERS } from '../../pages/headers.ts'
import { OUTCOME_STATUS, type OutcomeView, outcomePage } from '../../pages/outcome-page.ts'
import type { ApiAnswer, ApiEvent } from '../../runtime/api.ts'
import { bodyText } from '../../runtime/body.ts'

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
    const { decision, seen, code, comment } = form.data
    if (seen !== opened.seen) return page({ outcome: 'changed-since-shown' })
    if (opened.link.codeHash !== undefined && !SIX_DIGITS.test(code)) {
      return formPage(deps, opened, { problem: { kind: 'not-a-code' }, comment })
    }
    const answered = await decideByLink(deps, opened, { decision, seen, code, comment })
    if (answered.outcome === 'decided' && answered.wakeFailure !== undefined) {
      logger.error('the workflow could not be woken', { requestId: answered.request.id, cause: answered.wakeFailure })
    }
    return answerPage(deps, opened, answered, form.data)
  }
}

function answerPage(
  deps: DecideByLinkDeps,
  opened: OpenLink,
  answered: Answered,
  { comment }: DecisionForm,
): Promise<ApiAnswer> | ApiAnswer {
  if (answered.outcome === 'wrong-code') {
    return formPage(deps, opened, { problem: { kind: 'wrong-code', triesLeft: answered.triesLeft }, comment })
  }
  if (answered.outcome === 'voided') return page({ outcome: 'voided' })
  if (answered.outcome === 'refused') return page(refusalView(answered))
  if (answered.outcome !== 'decided') return page({ outcome: 'no-longer-valid' })
  const { request, verdict } = answered
  const about = { ...aboutOf(deps, opened), request, approver: readerOf(deps.access, opened.approver) }
  if (verdict === 'denied') return page({ ...about, outcome: 'denied' })
  return page({ ...about, outcome: 'approved', grant: request.grant })
}

function refusalView({ why }: Extract<Answered, { outcome: 'refused' }>): OutcomeView {
  switch (why) {
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
  return page({ outcome: 'already-decided', status: opened.request.status })
}

async function formPage(
  deps: DecideByLinkDeps,
  opened: OpenLink,
  retry?: { problem: FormProblem; comment: string },
): Promise<ApiAnswer> {
  const { approver, link, request, seen } = opened
  const history = await requesterHistory(deps, request)
  const body = decisionPage({
    ...aboutOf(deps, opened),
    request,
    approver: readerOf(deps.access, approver),
    seen,
    codeRequired: link.codeHash !== undefined,
    linkExpiresAt: link.expiresAt,
    history,
    ...(retry && { retry }),
  })
  return { statusCode: retry ? 400 : 200, headers: PAGE_HEADERS, body }
}

function aboutOf({ access }: DecideByLinkDeps, { request, statements }: OpenLink) {
  return { organisation: access.organisation, ...partiesOf(access, request), statements }
}

function page(view: OutcomeView, headers: Record<string, string> = {}): ApiAnswer {
  return { statusCode: OUTCOME_STATUS[view.outcome], headers: { ...PAGE_HEADERS, ...headers }, body: outcomePage(view) }
}

function formOf(event: ApiEvent) {
  const fields = Object.fromEntries(new URLSearchParams(bodyText(event)))
  return { fields, ...$DecisionForm.safeParse(fields) }
}

/** What a person can put right is shown in the form again, with what they typed; anything else was no form of ours. */
function unusableForm(
  deps: DecideByLinkDeps,
  opened: OpenLink,
  { fields, error }: ReturnType<typeof formOf>,
): Promise<ApiAnswer> | ApiAnswer {
  const wrong = new Set(error?.issues.map(({ path }) => path[0]))
  const problem = wrong.size === 1 ? FIELD_PROBLEMS[String([...wrong][0])] : undefined
  if (!problem) return page({ outcome: 'bad-form' })
  return formPage(deps, opened, { problem, comment: fields['comment'] ?? '' })
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
