import { linkAndCode } from '../../local/mailbox.ts'
import { type Answer, answerOf, mailsTo } from './the-house.ts'

/** An approval link as it came by mail, and what its holder can do with it. */
export interface ApprovalLink {
  readonly url: string
  /** The six digits of the mail; empty where none are asked for. */
  readonly code: string
}

/** Waits for the mail that asks a person about a request, and reads link and code from its text, as they would. */
export async function linkOf(person: string, requestId: string): Promise<ApprovalLink> {
  const mails = await mailsTo(person, { subject: ' asks: ', requestId })
  const latest = mails.at(-1)
  if (!latest) throw new Error(`${person} was not asked about ${requestId}`)
  const { url, code = '' } = linkAndCode(latest)
  return { url, code }
}

export async function openPage(url: string): Promise<Answer> {
  return answerOf(await fetch(url))
}

/** The hash of what a decision page shows, which its form carries back. */
export function seenOf({ text }: Answer): string {
  const seen = /name="seen" value="([0-9a-f]{64})"/.exec(text)?.[1]
  if (!seen) throw new Error(`the page has no form: ${text.slice(0, 2000)}`)
  return seen
}

export interface Form {
  readonly decision: 'approve' | 'deny'
  readonly seen: string
  readonly code?: string
  readonly comment?: string
  /** ISO 8601; empty as in the form that was left as it is. */
  readonly duration?: string
}

export async function postForm(
  url: string,
  form: Form,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  return answerOf(await fetch(url, { method: 'POST', headers, body: new URLSearchParams(Object.entries(form)) }))
}

/** Answers a request as a person does: waits for the mail, opens the page, sends its form with the code. */
export async function decide(
  decision: Form['decision'],
  requestId: string,
  person = 'carol',
  comment = '',
): Promise<Answer> {
  const { url, code } = await linkOf(person, requestId)
  const seen = seenOf(await openPage(url))
  const answer = await postForm(url, { decision, seen, code, comment })
  if (answer.status !== 200) throw new Error(`the decision was answered ${answer.status}: ${answer.text.slice(-800)}`)
  return answer
}

export function approve(requestId: string, person = 'carol'): Promise<Answer> {
  return decide('approve', requestId, person)
}
