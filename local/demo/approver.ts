import { linkAndCode, type ReceivedMail, receivedMails } from '../mailbox.ts'
import { must } from './narrator.ts'
import { eventually } from './waiting.ts'

/** The page behind a link, as an approver has it in front of them. */
export interface OpenPage {
  readonly url: string
  readonly code: string | undefined
  readonly html: string
  readonly seen: string
}

/** The mail that asks `address` about this request. */
export function askingMail(endpointUrl: string, address: string, requestId: string): Promise<ReceivedMail> {
  return eventually(`mail to ${address}`, 20, async () =>
    (await receivedMails(endpointUrl)).find(
      ({ to, text }) => to.includes(address) && text.includes(requestId) && text.includes('/decide/'),
    ),
  )
}

/** Opens the link of a mail as a browser does. */
export async function openPage(mail: ReceivedMail): Promise<OpenPage> {
  const { url, code } = linkAndCode(mail)
  const response = await fetch(url)
  const html = await response.text()
  must(response.status === 200, `the page answered ${response.status}`)
  const seen = /name="seen" value="([0-9a-f]{64})"/.exec(html)?.[1]
  must(seen !== undefined, 'the page has no form')
  return { url, code, html, seen }
}

export interface Answer {
  readonly decision: 'approve' | 'deny'
  readonly code?: string | undefined
  readonly comment?: string
}

/** Sends the form of a page as a browser does; gives the status and the heading of the page that comes back. */
export async function sendForm({ url, seen }: OpenPage, { decision, code = '', comment = '' }: Answer) {
  const response = await fetch(url, {
    method: 'POST',
    body: new URLSearchParams({ decision, seen, code, comment }),
    headers: { 'sec-fetch-site': 'same-origin' },
  })
  const html = await response.text()
  const heading = /<h1[^>]*>([^<]*)<\/h1>/.exec(html)?.[1] ?? ''
  return { status: response.status, heading, html }
}

/** Six digits that are not the code. */
export function wrongCode(code: string): string {
  return code === '000000' ? '000001' : '000000'
}
