import { allowedSentences } from './allowed-facts.ts'
import { type Child, html } from './markup.ts'
import type { RequestView } from './request-view.ts'

/** What the statements allow in plain words, what is sensitive marked and first. */
export function plainWords(view: RequestView): Child {
  const { sensitive, others } = allowedSentences(view)
  return html`<h3>In plain words</h3>
${sensitive.length > 0 && html`<ul class="flag">${listOf(sensitive)}</ul>`}
${others.length > 0 && html`<ul class="plain">${listOf(others)}</ul>`}`
}

function listOf(sentences: readonly string[]): Child {
  return sentences.map(sentence => html`<li>${sentence}</li>`)
}
