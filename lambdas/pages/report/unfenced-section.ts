import type { Report } from '../../domain/review/report.ts'
import { html, type Markup } from '../markup.ts'
import { grouped } from './bar-chart.ts'
import { when } from './figures-text.ts'
import { section, table } from './table.ts'

/** Which grants had no fence. */
export function unfencedSection({ review: { unfenced } }: Report): Markup {
  const { count, grants } = unfenced
  const title = 'Attached without a fence'
  const question = 'Which grants were ended by their removal alone?'
  if (count === 0)
    return section('unfenced', title, question, [html`<p class="verdict">None: every grant had its fence.</p>`])
  const shown = grants.length < count ? `The first ${grouped(grants.length)} of ${grouped(count)}` : 'All of them'
  return section('unfenced', title, question, [
    html`<p class="verdict bad">${grouped(count)} ${count === 1 ? 'grant' : 'grants'} attached a policy of AWS as it is. Such a policy allows until it is taken away.</p>`,
    table({
      caption: shown,
      columns: [
        { head: 'Request', cell: row => row.requestId, look: 'key' },
        { head: 'Requester', cell: row => row.requester },
        { head: 'Entitlement', cell: row => html`${row.entitlement}<small>${row.policyArn}</small>`, look: 'wide' },
        { head: 'Began', cell: row => when(row.beganAt), look: 'time' },
        { head: 'Planned end', cell: row => when(row.plannedEnd), look: 'time' },
        { head: 'Proven', cell: row => when(row.verifiedAt), look: 'time' },
      ],
      rows: grants,
      empty: '',
    }),
  ])
}
