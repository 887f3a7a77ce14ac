import type { Answers } from '../../domain/review/approvals.ts'
import type { Report } from '../../domain/review/report.ts'
import { html, type Markup } from '../markup.ts'
import { brief, figureOf, NONE, when } from './figures-text.ts'
import { section, table } from './table.ts'

/** Who may ask for what. */
export function inventorySection({ review: { inventory } }: Report): Markup {
  const { rows, former } = inventory
  const unused = rows.filter(({ effect, asked }) => effect === 'allow' && asked === 0).length
  return section('inventory', 'Access inventory', 'Who may ask for what, who lets them, and was it used at all?', [
    table({
      caption: 'Entitlements and the rules that open them',
      columns: [
        { head: 'Entitlement', cell: row => html`${row.entitlement}<small>${row.title}</small>`, look: 'wide' },
        { head: 'Risk', cell: row => row.risk },
        {
          head: 'Rule',
          cell: row => html`${row.rule}<small>${row.effect === 'allow' ? 'lets in' : 'keeps out'}</small>`,
          look: 'key',
        },
        { head: 'People', cell: row => row.people.join(', ') || NONE, look: 'wide' },
        {
          head: 'Approvers',
          cell: row =>
            row.stages.map(
              ({ name, quorum, approvers }) => html`<div>${name}: ${quorum} of ${approvers.join(', ')}</div>`,
            ),
          look: 'wide',
        },
        { head: 'At most', cell: row => brief(row.maximumMinutes * 60), look: 'number' },
        { head: 'Asked', cell: row => row.asked, look: 'number' },
        { head: 'Granted', cell: row => row.granted, look: 'number' },
      ],
      rows,
      empty: 'The access file opens nothing.',
    }),
    html`<p>${unused === 0 ? 'Every rule that lets people in was used.' : `${unused} of the rules that let people in ${unused === 1 ? 'was' : 'were'} not used in this period.`}</p>`,
    former.length > 0 &&
      table({
        caption: 'Granted in this period, no longer in the access file',
        columns: [
          { head: 'Entitlement', cell: row => row.entitlement, look: 'wide' },
          { head: 'Rule', cell: row => row.rule },
          { head: 'Asked', cell: row => row.asked, look: 'number' },
          { head: 'Granted', cell: row => row.granted, look: 'number' },
        ],
        rows: former,
        empty: '',
      }),
  ])
}

/** How approval went. */
export function approvalsSection({ review: { approvals }, access }: Report): Markup {
  const answers = [
    { head: 'Approved', cell: (row: Answers) => row.approved, look: 'number' },
    { head: 'Denied', cell: (row: Answers) => row.denied, look: 'number' },
    { head: 'Unanswered', cell: (row: Answers) => row.unanswered, look: 'number' },
    { head: 'Reminders', cell: (row: Answers) => row.reminded, look: 'number' },
    { head: 'Typical (p50)', cell: (row: Answers) => brief(row.secondsToDecision?.p50), look: 'number' },
    { head: 'Slow (p95)', cell: (row: Answers) => brief(row.secondsToDecision?.p95), look: 'number' },
  ] as const
  const { p50, p95 } = approvals.secondsToDecision ?? {}
  const pace =
    p50 === undefined
      ? 'Nobody decided on anything in this period.'
      : `Half of the decisions were made within ${brief(p50)}, 95 of 100 within ${brief(p95)}; ${approvals.unanswered} requests were left without an answer.`
  return section('approvals', 'Approvals', 'Who decides, how fast, and what was left without an answer?', [
    html`<p>${pace}</p>`,
    table({
      caption: 'By stage: time since the stage was open',
      columns: [
        { head: 'Entitlement', cell: row => html`${row.entitlement}<small>stage ${row.stage}</small>`, look: 'wide' },
        ...answers,
      ],
      rows: approvals.byStage,
      empty: 'No stage was answered, reminded or left unanswered.',
    }),
    table({
      caption: 'By approver',
      columns: [
        {
          head: 'Approver',
          cell: row => html`${access.people[row.approver]?.name ?? row.approver}<small>${row.approver}</small>`,
          look: 'wide',
        },
        ...answers,
      ],
      rows: approvals.byApprover,
      empty: 'No approver was needed.',
    }),
  ])
}

/** Whether access ended when it should. */
export function timeLimitsSection({ review: { timeLimits, unfenced } }: Report): Markup {
  const { lingering, late, lateCount, latenessHistogram, lateness, proven } = timeLimits
  const isClean = lingering.length === 0
  const verdict = isClean
    ? 'No lingering access: every grant past its planned end has a proof of removal.'
    : `Lingering access: ${lingering.length} past the planned end without a proof of removal.`
  const about = [
    { head: 'Request', cell: (row: Named) => row.requestId, look: 'key' },
    { head: 'Requester', cell: (row: Named) => row.requester },
    { head: 'Entitlement', cell: (row: Named) => row.entitlement, look: 'wide' },
    { head: 'Planned end', cell: (row: Named) => when(row.plannedEnd), look: 'time' },
  ] as const
  return section(
    'time-limits',
    'Time limits and proof of removal',
    'Did every access end when it should, and is that proven?',
    [
      html`<p class="verdict${!isClean && ' bad'}">${verdict}</p>`,
      !isClean && table({ caption: 'Lingering', columns: about, rows: lingering, empty: '' }),
      html`<p>${unfenced.count > 0 && 'But for those attached without a fence, which are named below: '}Every grant's own policy stops allowing anything at its planned end, whatever else fails. The proof is IAM read back without the policy: half of the ${proven} proofs came within ${figureOf(lateness, 'p50')} s of the planned end, 95 of 100 within ${figureOf(lateness, 'p95')} s, the last after ${figureOf(lateness, 'maximum')} s. 0 s is at the planned end or before it.</p>`,
      table({
        caption: 'How long after the planned end the removal was proven',
        columns: [
          { head: 'Proven within', cell: row => lateName(row, latenessHistogram) },
          { head: 'Grants', cell: row => row.count, look: 'number' },
        ],
        rows: proven === 0 ? [] : latenessHistogram,
        empty: 'No grant has ended yet.',
      }),
      lateCount > 0 &&
        table({
          caption: `Proven more than a minute late: ${lateCount}${late.length < lateCount ? `, the latest ${late.length} shown` : ''}`,
          columns: [
            ...about,
            { head: 'Proven', cell: row => when(row.verifiedAt), look: 'time' },
            { head: 'Late by', cell: row => brief(row.latenessSeconds), look: 'number' },
          ],
          rows: late,
          empty: '',
        }),
    ],
  )
}

type Named = Report['review']['timeLimits']['lingering'][number]
type Lateness = Report['review']['timeLimits']['latenessHistogram']

function lateName({ upToSeconds }: Lateness[number], bins: Lateness): string {
  if (upToSeconds === 0) return 'the planned end'
  return upToSeconds === undefined
    ? `more than ${brief(bins.at(-2)?.upToSeconds)} after it`
    : `${brief(upToSeconds)} after it`
}
