import { toIsoDuration } from '../domain/duration.ts'
import type { Hold } from '../domain/held.ts'
import { LONGEST_COMMENT } from '../domain/request.ts'
import { holdFlag } from './hold-flag.ts'
import { type Child, html } from './markup.ts'
import { secondsOf } from './request-facts.ts'
import type { RequestView } from './request-view.ts'
import { durationWords } from './times.ts'

/** What the form of the decision page needs. */
export interface FormView extends Pick<RequestView, 'request' | 'requester' | 'shortened'> {
  /** Hash of what the page shows; the decision carries it back. */
  readonly seen: string
  readonly codeRequired: boolean
  /** What the approver may allow instead, in seconds, the longest first. */
  readonly shorter: readonly number[]
  /** The finding that holds back who asks: an approval is not taken while it is open. */
  readonly hold?: Hold | undefined
  /** The form came back and could not be taken: what was wrong, and what the person had typed. */
  readonly retry?: Retry | undefined
}

export interface Retry {
  readonly problem: FormProblem
  readonly comment: string
  /** As the form gives it, ISO 8601. */
  readonly duration?: string | undefined
}

export type FormProblem =
  | { readonly kind: 'wrong-code'; readonly triesLeft: number }
  /** Not six digits: costs no try. */
  | { readonly kind: 'not-a-code' }
  | { readonly kind: 'no-decision' }
  | { readonly kind: 'comment-too-long' }
  /** Longer than asked, shorter than any grant, or no duration at all: costs no try. `wouldPass` is in words. */
  | { readonly kind: 'not-that-duration'; readonly wouldPass: string }
  /** An approval of what a finding holds back: costs no try. */
  | { readonly kind: 'held' }

/** The hidden, disabled button comes first, so that Enter in a field presses nothing: neither answer is the default. */
export function decisionForm(view: FormView): Child {
  const { seen, codeRequired, requester, retry, shorter, hold } = view
  const forHowLong = shorter.length === 0 ? ` for ${durationWords(secondsOf(view))}` : ''
  return html`<section class="card decide" aria-labelledby="decide"><h2 id="decide">Your decision</h2>
${hold && holdFlag(hold, requester.name)}
<form method="post">
<button type="submit" disabled hidden>No default</button>
<input type="hidden" name="seen" value="${seen}">
${codeRequired && codeField(retry?.problem)}
${shorter.length > 0 && durationField(view)}
${commentField(retry?.comment ?? '', requester.name, retry?.problem)}
<button class="approve" name="decision" value="approve"${hold && html` aria-describedby="held"`}><span aria-hidden="true">✓</span> Approve${forHowLong}</button>
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

/** Whoever leaves it as it is allows what is on offer; nobody can allow more. */
function durationField(view: FormView): Child {
  const { shorter, shortened, retry } = view
  const isWrong = retry?.problem.kind === 'not-that-duration'
  const whole = `${durationWords(secondsOf(view))}, as ${shortened ? 'allowed so far' : 'asked'}`
  const options = shorter.map(seconds => {
    const value = toIsoDuration(seconds)
    return html`<option value="${value}"${value === retry?.duration && html` selected`}>${durationWords(seconds)}</option>`
  })
  return html`<label for="duration">For how long at most</label>
<p class="hint" id="duration-hint">Counts for an approval. You can allow less than was asked for, never more.</p>
${isWrong && html`<p class="wrong" id="duration-wrong">${problemWords(retry.problem)}</p>`}
<select id="duration" name="duration" aria-describedby="duration-hint${isWrong && ' duration-wrong'}"${isWrong && html` aria-invalid="true"`}>
<option value="">${whole}</option>
${options}
</select>`
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

/** What was wrong, said first and with the way to the field. */
export function errorSummary(problem: FormProblem): Child {
  return html`<div class="alert" role="alert" tabindex="-1" autofocus>
<p><strong>Nothing is decided yet.</strong></p>
<p><a href="#${FIELD_OF[problem.kind]}">${problemWords(problem)}</a></p>
</div>`
}

const FIELD_OF: Readonly<Record<FormProblem['kind'], string>> = {
  'wrong-code': 'code',
  'not-a-code': 'code',
  'no-decision': 'decide',
  'comment-too-long': 'comment',
  'not-that-duration': 'duration',
  held: 'held',
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
    case 'not-that-duration':
      return `That duration is not possible. What would do: ${problem.wouldPass}. This did not count as a try.`
    case 'held':
      return 'Your approval was not taken: a finding holds it. This did not count as a try.'
  }
}
