import type { Report } from '../../domain/review/report.ts'
import type { Session } from '../../domain/review/session.ts'
import { type Child, html, type Markup } from '../markup.ts'
import { visibleLine } from '../visible.ts'
import { grouped } from './bar-chart.ts'
import { brief, NONE, when } from './figures-text.ts'
import { section, table } from './table.ts'

/** Whether the ledger holds. */
export function chainSection({ review: { chain } }: Report): Markup {
  const isIntact = chain.verdict === 'intact'
  const verdict = isIntact
    ? `Intact: ${grouped(chain.events)} events of ${grouped(chain.checked)} requests, each following the one before it.`
    : `Broken for ${grouped(chain.broken.length)} of ${grouped(chain.checked)} requests.`
  return section('chain', 'The ledger', 'Is it what was written: nothing changed, removed, reordered or cut off?', [
    html`<p class="verdict${!isIntact && ' bad'}">${verdict}</p>`,
    !isIntact &&
      table({
        caption: 'Broken chains',
        columns: [
          { head: 'Request', cell: row => row.requestId, look: 'key' },
          { head: 'At event', cell: row => row.sequence, look: 'number' },
          { head: 'What is wrong', cell: row => row.detail, look: 'wide' },
        ],
        rows: chain.broken,
        empty: '',
      }),
  ])
}

/** The first sessions, one by one. */
export function sessionsSection({ review: { sessions } }: Report): Markup {
  const { count, shown } = sessions
  const caption =
    shown.length < count
      ? `The first ${grouped(shown.length)} of ${grouped(count)}; sessions.csv has them all`
      : 'Every request of the period'
  return section('sessions', 'Sessions', 'Who had what, why, by whose leave, from when to when?', [
    table({
      caption,
      columns: [
        { head: 'Asked', cell: row => html`${when(row.askedAt)}<small>${row.requestId}</small>`, look: 'time' },
        { head: 'Requester', cell: row => row.requester },
        {
          head: 'Entitlement',
          cell: row => html`${row.entitlement}<small>${parametersOf(row.parameters)}</small>`,
          look: 'wide',
        },
        {
          head: 'Reason',
          cell: row =>
            html`${visibleLine(row.reason)}${row.ticket !== undefined && html`<small>${row.ticket}</small>`}`,
          look: 'wide',
        },
        {
          head: 'Approved by',
          cell: row =>
            html`${row.approvers.join(', ') || NONE}<small>rule ${row.rule}${row.approvalSeconds !== undefined && `, after ${brief(row.approvalSeconds)}`}</small>`,
        },
        { head: 'Access', cell: spanOf },
        { head: 'Status', cell: row => html`${row.status}<small>${row.cause}</small>` },
      ],
      rows: shown,
      empty: 'Nobody asked for anything in this period.',
    }),
  ])
}

/** From when to when, and when it was proven gone. */
function spanOf({ beganAt, plannedEnd, verifiedAt }: Session): Child {
  if (!plannedEnd) return NONE
  const times = [
    ['began', beganAt],
    ['until', plannedEnd],
    ['removed', verifiedAt],
  ] as const
  return html`<div class="span">${times.map(([name, time]) => html`<span>${name}</span><span>${when(time)}</span>`)}</div>`
}

/** What the pack is made of. */
export function filesSection({ files, accessHash, lapseVersion, producedAt }: Report): Markup {
  return section('files', 'The pack', 'What belongs to this report, and how is it known to be unchanged?', [
    table({
      caption: 'Files',
      columns: [
        { head: 'File', cell: row => row.name, look: 'key' },
        { head: 'Bytes', cell: row => grouped(row.bytes), look: 'number' },
        { head: 'Rows', cell: row => (row.rows === undefined ? NONE : grouped(row.rows)), look: 'number' },
        { head: 'SHA-256', cell: row => row.sha256, look: 'hash' },
      ],
      rows: files,
      empty: '',
    }),
    html`<p>manifest.json holds the same hashes and this page's own. A second copy of it is locked in the archive, where it can neither be changed nor removed.</p>
<p>Made by Lapse ${lapseVersion} at ${when(producedAt)} UTC from the access file with the hash <code>${accessHash}</code>.</p>`,
  ])
}

function parametersOf(parameters: Readonly<Record<string, string>>): string {
  return Object.entries(parameters)
    .map(([name, value]) => `${name} = ${value}`)
    .join(', ')
}
