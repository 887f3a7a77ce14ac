import { LONGEST_COMMENT } from '../domain/request.ts'
import { factList, pageOf } from './layout.ts'
import { type Child, html } from './markup.ts'
import {
  accessFacts,
  approvalMoment,
  askedWindowFacts,
  circumstanceFacts,
  entitlementFacts,
  fenceWords,
  policyJson,
  RISK_WORDS,
  whoFacts,
  whyFacts,
} from './request-facts.ts'
import type { ApproverView } from './request-view.ts'
import { durationWords, type Reader, readerTimes } from './times.ts'

/** The page behind the link of an approver's mail. */
export interface DecisionView extends ApproverView {
  readonly approver: Reader
  /** Hash of what this page shows; the decision carries it back. */
  readonly seen: string
  readonly codeRequired: boolean
  /** When the link stops working, if that is before `answerBy`. */
  readonly linkExpiresAt?: Date | undefined
  /** The form came back and could not be taken: what was wrong, and what the person had typed. */
  readonly retry?: { readonly problem: FormProblem; readonly comment: string } | undefined
}

export type FormProblem =
  | { readonly kind: 'wrong-code'; readonly triesLeft: number }
  /** Not six digits: costs no try. */
  | { readonly kind: 'not-a-code' }
  | { readonly kind: 'no-decision' }
  | { readonly kind: 'comment-too-long' }

/** The decision page as HTML. Shows everything a decision covers and offers both answers, neither as the default. */
export function decisionPage(view: DecisionView): string {
  const { requester, entitlement, organisation, request, retry } = view
  const title = `${requester.name} asks: ${entitlement.title}`
  const body = html`
${retry && errorSummary(retry.problem)}
<h1>${title}</h1>
<p class="lead">${view.approver.name}, read what this would allow, then approve or deny.</p>
${glance(view)}
<div class="sheet">
<div>${facts(view)}</div>
${decisionForm(view)}
</div>`
  return pageOf({
    title: retry ? `Error: ${title}` : title,
    organisation,
    body,
    footer: `Request ${request.id} · This page is for ${view.approver.name} alone.`,
  })
}

function glance({ entitlement, request, linkExpiresAt, approver }: DecisionView): Child {
  const answerBy = linkExpiresAt && linkExpiresAt < request.answerBy ? linkExpiresAt : request.answerBy
  const sign = { low: '○', medium: '◐', high: '▲' }[entitlement.risk]
  return html`<dl class="glance ${entitlement.risk}">
<div><dt>Risk</dt><dd class="risk"><span aria-hidden="true">${sign}</span> ${RISK_WORDS[entitlement.risk]}</dd></div>
<div><dt>Duration</dt><dd>${durationWords(request.durationSeconds)}</dd></div>
<div><dt>Answer by</dt><dd>${readerTimes(answerBy, approver.timezone)}</dd></div>
</dl>`
}

function facts(view: DecisionView): Child {
  const { approver, statements, offHours } = view
  return html`
<section class="card" aria-labelledby="who"><h2 id="who">Who asks, and why</h2>
${offHours && html`<p class="flag"><strong>Off-hours.</strong> This was asked outside working hours.</p>`}
${factList([...whoFacts(view), ...whyFacts(view)])}</section>
<section class="card" aria-labelledby="what"><h2 id="what">What it would allow</h2>
${factList([...entitlementFacts(view).filter(({ label }) => label !== 'Risk'), ...accessFacts(view)])}
<h3>The statements, word for word</h3>
<pre>${policyJson(statements)}</pre>
<p>${fenceWords(view)}</p></section>
<section class="card" aria-labelledby="when"><h2 id="when">When, and how it got here</h2>
${factList([...askedWindowFacts(view, approvalMoment(view.stage), approver), ...circumstanceFacts(view, approver)])}</section>`
}

/** The hidden, disabled button comes first, so that Enter in a field presses nothing: neither answer is the default. */
function decisionForm(view: DecisionView): Child {
  const { seen, codeRequired, request, requester, retry } = view
  return html`<section class="card decide" aria-labelledby="decide"><h2 id="decide">Your decision</h2>
<form method="post">
<button type="submit" disabled hidden>No default</button>
<input type="hidden" name="seen" value="${seen}">
${codeRequired && codeField(retry?.problem)}
${commentField(retry?.comment ?? '', requester.name, retry?.problem)}
<button class="approve" name="decision" value="approve"><span aria-hidden="true">✓</span> Approve for ${durationWords(request.durationSeconds)}</button>
<button class="deny" name="decision" value="deny"><span aria-hidden="true">✕</span> Deny</button>
</form></section>`
}

function codeField(problem: FormProblem | undefined): Child {
  const isWrong = problem?.kind === 'wrong-code' || problem?.kind === 'not-a-code'
  return html`<label for="code">Six-digit code</label>
<p class="hint" id="code-hint">It stands in the mail that brought you here. It shows that a person read it.</p>
${isWrong && html`<p class="wrong" id="code-wrong">${problemWords(problem)}</p>`}
<input class="digits" id="code" name="code" type="text" inputmode="numeric" autocomplete="off" pattern="[0-9]{6}" maxlength="6" required title="six digits" aria-describedby="code-hint${isWrong && ' code-wrong'}"${isWrong && html` aria-invalid="true"`}>`
}

/** A parser drops the first line break in a text area, so one is given to it. */
function commentField(comment: string, requester: string, problem: FormProblem | undefined): Child {
  const isWrong = problem?.kind === 'comment-too-long'
  return html`<label for="comment">Comment (optional)</label>
<p class="hint" id="comment-hint">${requester} reads it, and it is kept in the record.</p>
${isWrong && html`<p class="wrong" id="comment-wrong">${problemWords(problem)}</p>`}
<textarea id="comment" name="comment" rows="3" maxlength="${LONGEST_COMMENT}" aria-describedby="comment-hint${isWrong && ' comment-wrong'}"${isWrong && html` aria-invalid="true"`}>
${comment}</textarea>`
}

function errorSummary(problem: FormProblem): Child {
  const field = problem.kind === 'no-decision' ? 'decide' : problem.kind === 'comment-too-long' ? 'comment' : 'code'
  return html`<div class="alert" role="alert" tabindex="-1" autofocus>
<p><strong>Nothing is decided yet.</strong></p>
<p><a href="#${field}">${problemWords(problem)}</a></p>
</div>`
}

function problemWords(problem: FormProblem): string {
  switch (problem.kind) {
    case 'wrong-code': {
      const left = problem.triesLeft === 1 ? 'One try is left' : `${problem.triesLeft} tries are left`
      return `That is not the code of the mail. ${left}, then this link is closed.`
    }
    case 'not-a-code':
      return 'The code has six digits. This did not count as a try.'
    case 'no-decision':
      return 'Choose Approve or Deny.'
    case 'comment-too-long':
      return `The comment is longer than ${LONGEST_COMMENT} characters.`
  }
}
