import { type Child, html, trusted } from '../../lambdas/pages/markup.ts'
import type { ReceivedMail } from '../mailbox.ts'
import { MAIL_BOX_STYLE } from './style.ts'

/** Somebody mail may be for. */
export interface Recipient {
  readonly name: string
  readonly email: string
}

export interface ListView {
  /** In any order. */
  readonly mails: readonly ReceivedMail[]
  readonly people: readonly Recipient[]
  /** The address whose mails are shown; without one, everybody's. */
  readonly chosen?: string | undefined
}

export type MailForm = 'html' | 'text'

const REFRESH_SECONDS = 5

/** The list of mails, newest first. It asks the browser to load it again by itself, so that no script is needed. */
export function listPage({ mails, people, chosen }: ListView): string {
  const shown = mails.filter(({ to }) => chosen === undefined || to.includes(chosen)).toReversed()
  return frame({
    title: 'Mail box',
    refreshes: true,
    body: html`<h1>Mail box</h1>
<p class="lead">Every mail Lapse sent on this machine. None of them left it. New ones show up by themselves.</p>
${filters({ mails, people, chosen })}
${shown.length === 0 ? html`<p class="card">No mail yet.</p>` : html`<ol class="mails" role="list">${shown.map(mail => row(mail, people))}</ol>`}`,
  })
}

/** One mail: as HTML in a frame that can run nothing, or as text. */
export function mailPage(mail: ReceivedMail, people: readonly Recipient[], form: MailForm): string {
  const address = `/mails/${encodeURIComponent(mail.id)}`
  const tab = (of: MailForm, href: string, label: string) =>
    html`<li><a href="${href}"${of === form && html` aria-current="page"`}>${label}</a></li>`
  return frame({
    title: mail.subject,
    refreshes: false,
    body: html`<p class="back"><a href="/">← All mails</a></p>
<h1 class="subject">${mail.subject}</h1>
<dl class="envelope"><div><dt>To</dt><dd>${mail.to.map(email => recipient(email, people))}</dd></div>
<div><dt>Sent at</dt><dd>${moment(mail.at)}</dd></div></dl>
<nav aria-label="Form of the mail"><ul role="list">${tab('html', address, 'HTML')}${tab('text', `${address}?as=text`, 'Text')}</ul></nav>
${
  form === 'html'
    ? html`<iframe src="${address}/html" title="The mail as HTML" sandbox="allow-popups allow-popups-to-escape-sandbox"></iframe>`
    : html`<pre class="text">${mail.text}</pre>`
}`,
  })
}

/** Why there is nothing to show. */
export function troublePage(sentence: string): string {
  const body = html`<h1>Mail box</h1>\n<p class="card">${sentence}</p>\n<p class="back"><a href="/">All mails</a></p>`
  return frame({ title: 'Mail box', refreshes: true, body })
}

/** The HTML of a mail as it was sent, but links open in a new tab: inside the frame their pages would refuse to show. */
export function framedMail({ html: sent }: ReceivedMail): string {
  const base = '<base target="_blank">'
  return /<head[^>]*>/i.test(sent) ? sent.replace(/<head[^>]*>/i, head => `${head}${base}`) : `${base}${sent}`
}

function frame(page: { readonly title: string; readonly refreshes: boolean; readonly body: Child }): string {
  const refresh = page.refreshes && html`<meta http-equiv="refresh" content="${REFRESH_SECONDS}">`
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
${refresh}
<title>${page.title} · Lapse</title>
<style>${trusted(MAIL_BOX_STYLE)}</style>
</head>
<body>
<header><span class="mark"></span><span>Lapse</span> <span>on this machine</span></header>
<main>${page.body}</main>
</body>
</html>
`.toString()
}

function filters({ mails, people, chosen }: ListView): Child {
  const seen = new Set([...mails.flatMap(({ to }) => to), ...(chosen === undefined ? [] : [chosen])])
  const known = people.flatMap(({ email }) => (seen.has(email) ? [email] : []))
  const addresses = new Set([...known, ...seen])
  const chip = (href: string, label: string, count: number, isCurrent: boolean) =>
    html`<li><a href="${href}"${isCurrent && html` aria-current="page"`}>${label} <span class="count">${count}</span></a></li>`
  return html`<nav aria-label="Whose mails"><ul role="list">${chip('/', 'Everybody', mails.length, chosen === undefined)}${[
    ...addresses,
  ].map(address => {
    const count = mails.filter(({ to }) => to.includes(address)).length
    return chip(`/?to=${encodeURIComponent(address)}`, nameOf(address, people), count, address === chosen)
  })}</ul></nav>`
}

function row(mail: ReceivedMail, people: readonly Recipient[]): Child {
  return html`<li><a href="/mails/${encodeURIComponent(mail.id)}"><strong>${mail.subject}</strong>
${moment(mail.at)}<span>${mail.to.map(email => nameOf(email, people)).join(', ')}<span class="address">${mail.to.join(', ')}</span></span></a></li>\n`
}

function recipient(email: string, people: readonly Recipient[]): Child {
  const name = nameOf(email, people)
  return name === email ? html`${email} ` : html`${name} <span class="address">${email}</span> `
}

function nameOf(address: string, people: readonly Recipient[]): string {
  return people.find(({ email }) => email === address)?.name ?? address
}

/** In the clock of this machine, which is that of who looks. */
function moment(at: Date): Child {
  const text = at.toLocaleString('en-GB', {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  })
  return html`<time datetime="${at.toISOString()}">${text}</time>`
}
