import { type Child, html, trusted } from './markup.ts'
import type { Fact } from './request-facts.ts'
import { STYLE } from './style.ts'

/** The frame of every page. A page without an organisation or a footer has no variable part but its body. */
export function pageOf(page: {
  readonly title: string
  readonly organisation?: string | undefined
  readonly body: Child
  readonly footer?: string | undefined
}): string {
  const { title, organisation, body, footer } = page
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Lapse</title>
<style>${trusted(STYLE)}</style>
</head>
<body>
<header><span class="mark"></span><span>Lapse</span>${organisation !== undefined && html` <span>${organisation}</span>`}</header>
<main>${body}</main>
${footer !== undefined && html`<footer>${footer}</footer>`}
</body>
</html>
`.toString()
}

/** Facts as a list of terms. */
export function factList(facts: readonly Fact[]): Child {
  return html`<dl>${facts.map(fact => html`<div class="pair"><dt>${fact.label}</dt><dd>${valuesOf(fact)}</dd></div>`)}</dl>`
}

function valuesOf({ values, look }: Fact): Child {
  if (look === 'quote') return values.map(value => html`<blockquote>${value}</blockquote>`)
  if (look === 'code') return html`<ul>${values.map(value => html`<li><code>${value}</code></li>`)}</ul>`
  return values.map(value => html`<p>${value}</p>`)
}
