import { type Child, html } from '../markup.ts'
import type { Fact } from '../request-facts.ts'
import { visibleLine } from '../visible.ts'
import type { Block, Letter } from './letter.ts'

const SANS = "font-family:system-ui,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"
const MONO = "font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace"

/**
 * Styles stand on the elements, since mail clients drop style sheets. They set hardly a colour: text and links take those of the
 * client, light or dark, and lines and grounds are a translucent grey that shows on both.
 */
const STYLES = {
  sheet: `max-width:36rem;margin:0 auto;padding:24px 16px;font-size:16px;line-height:1.5;overflow-wrap:anywhere;word-break:break-word;${SANS}`,
  h1: 'margin:0 0 16px;font-size:22px;line-height:1.25;font-weight:600',
  h2: 'margin:28px 0 12px;padding-top:16px;border-top:1px solid rgba(128,128,128,.4);font-size:17px;line-height:1.3;font-weight:600',
  p: 'margin:0 0 12px',
  warning: 'margin:16px 0;padding:10px 14px;border-left:4px solid #b26a00;background:rgba(178,106,0,.12)',
  label: 'margin:0;font-size:14px;opacity:.8',
  value: 'margin:0 0 12px',
  quote: 'margin:0 0 12px;padding-left:12px;border-left:3px solid rgba(128,128,128,.6);white-space:pre-wrap',
  mono: `font-size:14px;${MONO}`,
  line: `display:block;padding-left:1em;text-indent:-1em;font-size:14px;${MONO}`,
  pre: `margin:0 0 12px;padding:12px;border-radius:6px;background:rgba(128,128,128,.12);font-size:13px;line-height:1.5;white-space:pre-wrap;${MONO}`,
  code: `margin:0 0 20px;font-size:30px;line-height:1.3;font-weight:600;letter-spacing:.16em;${MONO}`,
  link: 'margin:0 0 20px;font-weight:600;word-break:break-all',
  footer: 'margin:28px 0 0;padding-top:16px;border-top:1px solid rgba(128,128,128,.4);font-size:14px;opacity:.8',
} as const

/** The HTML form: one column, no images, nothing that reports back that it was opened. */
export function mailHtml({ subject, heading, blocks, organisation, requestId }: Letter): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${visibleLine(subject)}</title>
</head>
<body style="margin:0;padding:0;background:Canvas;color:CanvasText">
<main lang="en" style="${STYLES.sheet}">
<h1 style="${STYLES.h1}">${heading}</h1>
${blocks.map(blockHtml)}
<p style="${STYLES.footer}">Lapse · ${organisation}${requestId !== undefined && html`<br>Request <span style="${STYLES.mono}">${requestId}</span>`}</p>
</main>
</body>
</html>
`.toString()
}

function blockHtml(block: Block): Child {
  switch (block.kind) {
    case 'words':
      return html`<p style="${STYLES.p}">${block.text}</p>\n`
    case 'warning':
      return html`<p style="${STYLES.warning}">${block.text}</p>\n`
    case 'facts':
      return html`<h2 style="${STYLES.h2}">${block.title}</h2>\n${block.facts.length > 0 && html`<dl style="margin:0">${block.facts.map(factHtml)}</dl>\n`}`
    case 'policy':
      return html`<h2 style="${STYLES.h2}">The statements, word for word</h2>\n<pre style="${STYLES.pre}">${block.json}</pre>\n<p style="${STYLES.p}">${block.note}</p>\n`
    case 'code':
      return html`<p style="${STYLES.label}">${block.label}</p>\n<p style="${STYLES.code}">${block.code}</p>\n`
    case 'link':
      return html`<p style="${STYLES.label}">${block.label}</p>\n<p style="${STYLES.link}"><a href="${block.url}">${block.url}</a></p>\n`
  }
}

function factHtml({ label, values, look }: Fact): Child {
  const parts = values.map((value, index) => {
    const isLast = index === values.length - 1
    if (look === 'quote') return html`<div style="${STYLES.quote}">${value}</div>`
    if (look === 'code') return html`<code style="${STYLES.line}">${value}</code>`
    return html`${value}${!isLast && html`<br>`}`
  })
  return html`<dt style="${STYLES.label}">${label}</dt><dd style="${STYLES.value}">${parts}</dd>\n`
}
