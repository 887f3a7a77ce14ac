import { RULE_WORDS } from '../domain/findings/rule-words.ts'
import type { Hold } from '../domain/held.ts'
import { type Child, html } from './markup.ts'

/** What an approver may know of a finding: which it is, and what its rule looks for. What was seen is for those who read findings. */
export function holdFlag({ findingId, rule }: Hold, requester: string): Child {
  return html`<p class="flag" id="held"><strong>Held.</strong> An open finding holds back what ${requester} asks for: ${RULE_WORDS[rule].title} (<code>${findingId}</code>). No approval is taken until an administrator or an auditor has closed it; then this link still works. You can deny now.</p>`
}
