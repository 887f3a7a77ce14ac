import type { Finding } from '../../domain/findings/finding.ts'
import { RULE_WORDS } from '../../domain/findings/rule-words.ts'
import type { Report } from '../../domain/review/report.ts'
import { html, type Markup } from '../markup.ts'
import { grouped } from './bar-chart.ts'
import { when } from './figures-text.ts'
import { section, table } from './table.ts'

const NAMED = 200

/** What looked unusual, and who looked into it. */
export function findingsSection({ findings }: Report): Markup {
  const title = 'Findings'
  const question = 'What looked unusual, and who looked into it?'
  const open = findings.filter(({ closed }) => !closed).length
  // What is open first: it is what somebody must do.
  const shown = findings.toSorted((one, other) => Number(!!one.closed) - Number(!!other.closed)).slice(0, NAMED)
  return section('findings', title, question, [
    verdictOf(open, findings.length),
    table<Finding>({
      caption:
        shown.length < findings.length ? `${grouped(shown.length)}; all are in findings.csv` : 'Open in the period',
      columns: [
        { head: 'What', cell: row => html`${RULE_WORDS[row.rule].title}<small>${row.id}</small>`, look: 'wide' },
        { head: 'About', cell: row => row.subject },
        { head: 'Opened', cell: row => when(row.openedAt), look: 'time' },
        { head: 'Found', cell: row => grouped(row.count), look: 'number' },
        { head: 'Last', cell: row => row.latest.at(-1)?.detail ?? '', look: 'wide' },
        {
          head: 'What came of it',
          cell: ({ closed }) =>
            closed ? html`${closed.comment}<small>${closed.by}, ${when(closed.at)}</small>` : 'nobody has said yet',
          look: 'wide',
        },
      ],
      rows: shown,
      empty: '',
    }),
  ])
}

function verdictOf(open: number, all: number): Markup {
  if (all === 0) return html`<p class="verdict">Nothing was found.</p>`
  const [is, it] = open === 1 ? ['is', 'it'] : ['are', 'them']
  return open === 0
    ? html`<p class="verdict">None is open: each was looked into and closed.</p>`
    : html`<p class="verdict bad">${grouped(open)} of ${grouped(all)} ${is} open: nobody has said what came of ${it}.</p>`
}
