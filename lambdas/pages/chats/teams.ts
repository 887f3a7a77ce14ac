import { visibleLine } from '../visible.ts'
import type { ChatNews } from './chat-news.ts'

/**
 * The message as a workflow of Teams takes it: an adaptive card.
 * https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/add-incoming-webhook
 * Invariant: nobody is mentioned and nothing links. A TextBlock is Markdown, a TextRun is not, so all text stands in those; a mention
 * needs an entity of the card besides, and it has none.
 */
export function teamsMessage({ headline, isAlarming, facts }: ChatNews): object {
  const color = isAlarming ? 'attention' : 'default'
  const content = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    body: [
      line([{ text: headline, weight: 'bolder', size: 'medium', color }]),
      ...facts.map(({ label, values }) => line([{ text: `${label}: `, isSubtle: true }, { text: values.join(', ') }])),
    ],
  }
  return { type: 'message', attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content }] }
}

interface Run {
  readonly text: string
  readonly weight?: 'bolder'
  readonly size?: 'medium'
  readonly color?: 'attention' | 'default'
  readonly isSubtle?: true
}

function line(runs: readonly Run[]) {
  return {
    type: 'RichTextBlock',
    inlines: runs.map(({ text, ...look }) => ({ type: 'TextRun', text: visibleLine(text), ...look })),
  }
}
