import type { Status } from '../domain/request.ts'
import { factList, pageOf } from './layout.ts'
import { html } from './markup.ts'
import { durationFact, type Fact, windowFacts } from './request-facts.ts'
import type { RequestView, Window } from './request-view.ts'
import type { Reader } from './times.ts'

/** What became of a visit to an approval link. */
export type OutcomeView =
  | ApprovedView
  | (RequestView & { readonly outcome: 'denied'; readonly approver: Reader })
  /** A second answer, or a request that is past answering. */
  | { readonly outcome: 'already-decided'; readonly status?: Status | undefined }
  /** Unknown, used, expired, voided: one page, byte for byte. */
  | { readonly outcome: 'no-longer-valid' }
  | { readonly outcome: 'changed-since-shown' }
  | { readonly outcome: 'not-an-approver' }
  | { readonly outcome: 'bad-form' }
  /** The access file takes a decision on this only by a signed call. */
  | { readonly outcome: 'needs-signature'; readonly requestId: string }
  | { readonly outcome: 'voided' }
  | { readonly outcome: 'method-not-allowed' }
  /** `requestId` is that of the HTTP request, for the logs. */
  | { readonly outcome: 'broken'; readonly requestId: string }

export type ApprovedView = RequestView & {
  readonly outcome: 'approved'
  readonly approver: Reader
  /** The window of the grant; without one more approvals are needed. */
  readonly grant?: Window | undefined
}

export type Outcome = OutcomeView['outcome']

export const OUTCOME_STATUS: Readonly<Record<Outcome, number>> = {
  approved: 200,
  denied: 200,
  'already-decided': 409,
  'no-longer-valid': 404,
  'changed-since-shown': 409,
  'not-an-approver': 403,
  'bad-form': 400,
  'needs-signature': 403,
  voided: 403,
  'method-not-allowed': 405,
  broken: 500,
}

interface Words {
  readonly look: 'good' | 'bad' | 'plain'
  readonly title: string
  readonly sentences: readonly string[]
  readonly facts?: readonly Fact[]
}

/** The page after a decision, or in place of one. */
export function outcomePage(view: OutcomeView): string {
  const { look, title, sentences, facts } = wordsOf(view)
  const sign = { good: '✓', bad: '✕', plain: 'i' }[look]
  const body = html`<div class="outcome ${look}"><div class="card">
<div class="sign" aria-hidden="true">${sign}</div>
<h1>${title}</h1>
${sentences.map(sentence => html`<p>${sentence}</p>`)}
${facts && factList(facts)}
</div></div>`
  return 'request' in view
    ? pageOf({ title, body, organisation: view.organisation, footer: `Request ${view.request.id}` })
    : pageOf({ title, body })
}

function wordsOf(view: OutcomeView): Words {
  switch (view.outcome) {
    case 'approved':
      return approved(view)
    case 'denied':
      return {
        look: 'bad',
        title: 'You denied it',
        sentences: [`${view.requester.name} does not get “${view.entitlement.title}” and is told so now.`, CLOSE],
      }
    case 'already-decided':
      return {
        look: 'plain',
        title: 'Already answered',
        sentences: [statusWords(view.status), 'Your answer was not needed and nothing was changed by it.'],
      }
    case 'no-longer-valid':
      return {
        look: 'plain',
        title: 'This link does not work',
        sentences: [
          'It may have been used, have run out, have been closed, or never have existed. Nothing was changed.',
          'If you still have a request to answer, open the link of the latest mail.',
        ],
      }
    case 'changed-since-shown':
      return {
        look: 'plain',
        title: 'The request has changed',
        sentences: [
          'It is no longer what you were shown, so your answer was not taken. Nothing is decided.',
          'Open the link of the latest mail and read the request again.',
        ],
      }
    case 'not-an-approver':
      return {
        look: 'plain',
        title: 'This is not yours to decide',
        sentences: [
          'By the rules in force now you are not among those who may answer this request. Nothing was changed.',
        ],
      }
    case 'bad-form':
      return {
        look: 'plain',
        title: 'The form was not complete',
        sentences: ['Nothing is decided. Open the link of the mail again and send the form from that page.'],
      }
    case 'needs-signature':
      return {
        look: 'plain',
        title: 'This needs your signature',
        sentences: [
          'By the rules in force now a link does not decide on this request. Nothing was changed.',
          'Answer with your own AWS credentials, on the command line:',
        ],
        facts: [
          {
            label: 'Your answer',
            values: [`lapse approve ${view.requestId}`, `lapse deny ${view.requestId}`],
            look: 'code',
          },
        ],
      }
    case 'voided':
      return {
        look: 'bad',
        title: 'This link is closed',
        sentences: [
          'The code was wrong five times, so the link was closed and the requester is told. Nothing is decided.',
          'If it was not you who tried, tell your administrators: somebody has your link.',
        ],
      }
    case 'method-not-allowed':
      return {
        look: 'plain',
        title: 'Not like this',
        sentences: ['This address shows a page and takes its form, nothing else. Nothing was changed.'],
      }
    case 'broken':
      return {
        look: 'bad',
        title: 'Something broke',
        sentences: [
          'It is our fault, not yours. Open the link of the mail again in a minute: the page says whether your answer was taken.',
        ],
        facts: [{ label: 'Reference', values: [view.requestId], look: 'code' }],
      }
  }
}

const CLOSE = 'It is recorded. You can close this page.'

function approved(view: ApprovedView): Words {
  const { requester, entitlement, approver, grant } = view
  const facts: readonly Fact[] = [
    { label: 'Entitlement', values: [entitlement.title] },
    { label: 'For', values: [requester.name] },
    durationFact(view),
  ]
  if (!grant) {
    const sentences = ['More approvals are needed before anything is allowed; the others are asked.', CLOSE]
    return { look: 'good', title: 'You approved it', sentences, facts }
  }
  const sentences = [`${requester.name} gets “${entitlement.title}” and is told so. It ends by itself.`, CLOSE]
  return { look: 'good', title: 'You approved it', sentences, facts: [...facts, ...windowFacts(grant, approver)] }
}

const STATUS_WORDS: Readonly<Partial<Record<Status, string>>> = {
  APPROVED: 'This request is approved.',
  ACTIVE: 'This request is approved.',
  ENDED: 'This request was approved, and its time is over.',
  DENIED: 'This request is denied.',
  UNANSWERED: 'The time to answer this request is over.',
  CANCELLED: 'The requester has taken this request back.',
  FAILED: 'This request could not be carried out.',
}

function statusWords(status: Status | undefined): string {
  return (status && STATUS_WORDS[status]) ?? 'This request is answered, or you have given your answer.'
}
