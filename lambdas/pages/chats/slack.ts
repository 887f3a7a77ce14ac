import { visibleLine } from '../visible.ts'
import type { ChatNews } from './chat-news.ts'

/** Longest text of a section: 3000; of a header: 150; fields of a section: 10, each of 2000. https://docs.slack.dev/reference/block-kit/blocks */
const LONGEST = 140

/**
 * The message as Slack takes it: https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks.
 * Invariant: nobody is mentioned and nothing links. Blocks are plain text, in which Slack looks for neither; the line for
 * notifications is markup, so what begins one is escaped.
 */
export function slackMessage({ headline, isAlarming, facts }: ChatNews): object {
  const title = cut(`${isAlarming ? '⚠ ' : ''}${headline}`)
  return {
    text: escaped(title),
    unfurl_links: false,
    unfurl_media: false,
    blocks: [
      { type: 'header', text: plain(title) },
      { type: 'section', fields: facts.map(({ label, values }) => plain(cut(`${label}: ${values.join(', ')}`))) },
    ],
  }
}

function plain(text: string) {
  return { type: 'plain_text', text, emoji: false }
}

function cut(text: string): string {
  const letters = [...visibleLine(text)]
  return letters.length > LONGEST ? `${letters.slice(0, LONGEST - 1).join('')}…` : letters.join('')
}

/** https://docs.slack.dev/messaging/formatting-message-text#escaping */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
