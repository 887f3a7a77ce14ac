import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { ReceivedMail } from '../mailbox.ts'
import { framedMail, listPage, mailPage, type Recipient, troublePage } from './pages.ts'
import { MAIL_BOX_STYLE } from './style.ts'

export interface MailBoxOptions {
  /** Every mail there is, oldest first. */
  readonly mails: () => Promise<readonly ReceivedMail[]>
  readonly people: readonly Recipient[]
  /** The port wished for; another one when it is taken. */
  readonly port: number
}

export interface MailBox {
  readonly url: string
  readonly port: number
  close(): void
}

interface Page {
  readonly status: number
  readonly body: string
  readonly headers: Readonly<Record<string, string>>
}

const LOOPBACK = '127.0.0.1'
const STYLE_SOURCE = `sha256-${createHash('sha256').update(MAIL_BOX_STYLE).digest('base64')}`
const OWN_PAGE = `default-src 'none'; style-src '${STYLE_SOURCE}'; frame-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`
/** Even opened in a tab of its own, the HTML of a mail runs no script and loads nothing. */
const SENT_PAGE =
  "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"

/**
 * Shows the emulator's mails in a browser, on the loopback interface only: mails hold links and codes that approve.
 * A mail catcher from npm was looked at: maildev 3.0.0 cannot be installed from every registry, 2.2.1 brings 165 packages (41 MB) and
 * listens on every interface unless told otherwise, for what the emulator's own store and three pages do.
 */
export async function startMailBox(options: MailBoxOptions): Promise<MailBox> {
  const server = createServer((request, response) => {
    pageFor(options, request).then(
      page => send(response, page),
      () => send(response, own(502, troublePage('The house does not answer. Is it still running?'))),
    )
  })
  const port = await listening(server, options.port).catch(() => listening(server, 0))
  return {
    url: `http://${LOOPBACK}:${port}/`,
    port,
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

async function pageFor(
  { mails, people }: MailBoxOptions,
  { method, url = '/', headers }: IncomingMessage,
): Promise<Page> {
  // A name of somebody else's that resolves to 127.0.0.1 would let their page read the mails (DNS rebinding).
  const host = headers.host?.replace(/:\d+$/, '')
  if (host !== LOOPBACK && host !== 'localhost') return own(421, troublePage('This address is not the mail box.'))
  if (method !== 'GET' && method !== 'HEAD') return own(405, troublePage('The mail box can only be read.'))
  const { pathname, searchParams } = new URL(url, `http://${LOOPBACK}`)
  const all = await mails()
  if (pathname === '/') return own(200, listPage({ mails: all, people, chosen: searchParams.get('to') ?? undefined }))

  const { id, part } = /^\/mails\/(?<id>[^/]+)(?:\/(?<part>html))?$/.exec(pathname)?.groups ?? {}
  const mail = id === undefined ? undefined : all.find(each => encodeURIComponent(each.id) === id)
  if (!mail) return own(404, troublePage('There is no such mail.'))
  if (part === 'html') return { status: 200, body: framedMail(mail), headers: { 'content-security-policy': SENT_PAGE } }
  return own(200, mailPage(mail, people, searchParams.get('as') === 'text' ? 'text' : 'html'))
}

function own(status: number, body: string): Page {
  return { status, body, headers: { 'content-security-policy': OWN_PAGE } }
}

function send(response: ServerResponse, { status, body, headers }: Page): void {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    ...headers,
  })
  response.end(body)
}

function listening(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, LOOPBACK, () => {
      server.off('error', reject)
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : port)
    })
  })
}
