import { decisionForm, errorSummary, type FormView } from './decision-form.ts'
import { factList, pageOf } from './layout.ts'
import { type Child, html } from './markup.ts'
import { plainWords } from './plain-words.ts'
import {
  approvalMoment,
  askedWindowFacts,
  circumstanceFacts,
  entitlementFacts,
  fenceWords,
  NO_FENCE,
  RISK_WORDS,
  secondsOf,
  whoFacts,
  whyFacts,
} from './request-facts.ts'
import type { ApproverView } from './request-view.ts'
import { stageFacts } from './stage-facts.ts'
import { accessFacts, policyJson } from './statement-facts.ts'
import { durationWords, type Reader, readerTimes } from './times.ts'

/** The page behind the link of an approver's mail. */
export interface DecisionView extends ApproverView, FormView {
  readonly approver: Reader
  /** When the link stops working, if that is before `answerBy`. */
  readonly linkExpiresAt?: Date | undefined
}

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

function glance(view: DecisionView): Child {
  const { entitlement, request, linkExpiresAt, approver } = view
  const answerBy = linkExpiresAt && linkExpiresAt < request.answerBy ? linkExpiresAt : request.answerBy
  const sign = { low: '○', medium: '◐', high: '▲' }[entitlement.risk]
  return html`<dl class="glance ${entitlement.risk}">
<div><dt>Risk</dt><dd class="risk"><span aria-hidden="true">${sign}</span> ${RISK_WORDS[entitlement.risk]}</dd></div>
<div><dt>Duration</dt><dd>${durationWords(secondsOf(view))}</dd></div>
<div><dt>Answer by</dt><dd>${readerTimes(answerBy, approver.timezone)}</dd></div>
</dl>`
}

function facts(view: DecisionView): Child {
  const { approver, statements, offHours, request } = view
  return html`
<section class="card" aria-labelledby="who"><h2 id="who">Who asks, and why</h2>
${offHours && html`<p class="flag"><strong>Off-hours.</strong> This was asked outside working hours.</p>`}
${factList([...whoFacts(view), ...whyFacts(view)])}</section>
${standing(view)}
<section class="card" aria-labelledby="what"><h2 id="what">What it would allow</h2>
${request.asIs && html`<p class="flag"><strong>No fence.</strong> ${NO_FENCE}</p>`}
${factList(entitlementFacts(view).filter(({ label }) => label !== 'Risk'))}
${plainWords(view)}
<h3>The exact lists</h3>
${factList(accessFacts(view))}
<h3>The statements, word for word</h3>
<pre>${policyJson(statements)}</pre>
<p>${fenceWords(view)}</p></section>
<section class="card" aria-labelledby="when"><h2 id="when">When, and how it got here</h2>
${factList([...askedWindowFacts(view, approvalMoment(view.stage), approver), ...circumstanceFacts(view, approver)])}</section>`
}

function standing({ stage, approver }: DecisionView): Child {
  const list = stageFacts(stage, approver)
  if (list.length === 0) return ''
  return html`<section class="card" aria-labelledby="standing"><h2 id="standing">Where it stands</h2>
${factList(list)}</section>`
}
