import type { Report } from '../../domain/review/report.ts'
import { OUTCOMES, type Outcome, type Outcomes } from '../../domain/review/volume.ts'
import { html, type Markup } from '../markup.ts'
import { barChart } from './bar-chart.ts'
import { figureOf } from './figures-text.ts'
import { type Column, section, table } from './table.ts'

const OUTCOME_WORDS: Readonly<Record<Outcome, string>> = {
  granted: 'Granted',
  denied: 'Denied by a person',
  refused: 'Refused by rule',
  unanswered: 'Unanswered',
  other: 'Open, cancelled or failed',
}
const OUTCOME_HEADS: Readonly<Record<Outcome, string>> = {
  ...OUTCOME_WORDS,
  denied: 'Denied',
  refused: 'Refused',
  other: 'Other',
}

const OUTCOME_COLUMNS: readonly Column<Outcomes>[] = [
  { head: 'Requests', cell: row => row.total, look: 'number' },
  ...OUTCOMES.map(
    outcome => ({ head: OUTCOME_HEADS[outcome], cell: (row: Outcomes) => row[outcome], look: 'number' }) as const,
  ),
]

const MOST_REPEATS = 20

/** How much was asked for. */
export function volumeSection({ review: { volume }, access }: Report): Markup {
  const { byWeek, byPerson, byEntitlement, repeats } = volume
  const busiest = byWeek.reduce<(typeof byWeek)[number] | undefined>(
    (most, week) => (most && most.total >= week.total ? most : week),
    undefined,
  )
  const nameOf = (id: string) => html`${access.people[id]?.name ?? id}<small>${id}</small>`
  return section(
    'volume',
    'Volume',
    'How much was asked for, by whom, for what, when; and what is asked for again and again?',
    [
      barChart({
        id: 'by-week',
        title: 'Requests by week and outcome',
        description: `One stacked bar for each of ${byWeek.length} weeks. The busiest is ${busiest?.week ?? 'none'} with ${busiest?.total ?? 0} requests. The numbers are in the table that follows.`,
        layout: 'stacked',
        series: OUTCOMES.map(key => ({ key, label: OUTCOME_WORDS[key] })),
        bars: byWeek.map(week => ({ label: week.week.slice(5), values: OUTCOMES.map(outcome => week[outcome]) })),
      }),
      table({
        caption: 'By week (ISO weeks, UTC)',
        columns: [{ head: 'Week', cell: row => row.week, look: 'key' }, ...OUTCOME_COLUMNS],
        rows: byWeek,
        empty: 'The period has no week yet.',
      }),
      table({
        caption: 'By person',
        columns: [{ head: 'Person', cell: row => nameOf(row.person), look: 'wide' }, ...OUTCOME_COLUMNS],
        rows: byPerson,
        empty: 'Nobody asked for anything.',
      }),
      table({
        caption: 'By entitlement',
        columns: [{ head: 'Entitlement', cell: row => row.entitlement, look: 'wide' }, ...OUTCOME_COLUMNS],
        rows: byEntitlement,
        empty: 'Nothing was asked for.',
      }),
      table({
        caption: `The same person, the same entitlement, again${repeats.length > MOST_REPEATS ? ` (the first ${MOST_REPEATS} of ${repeats.length})` : ''}`,
        columns: [
          { head: 'Person', cell: row => nameOf(row.person), look: 'wide' },
          { head: 'Entitlement', cell: row => row.entitlement, look: 'wide' },
          ...OUTCOME_COLUMNS,
        ],
        rows: repeats.slice(0, MOST_REPEATS),
        empty: 'Nobody asked for the same thing twice.',
      }),
    ],
  )
}

/** How long. */
export function durationsSection({ review: { durations } }: Report): Markup {
  const { histogram, byEntitlement, ...all } = durations
  const binName = ({ upToMinutes }: (typeof histogram)[number], index: number): string =>
    upToMinutes === undefined
      ? `over ${minuteName(histogram[index - 1]?.upToMinutes ?? 0)}`
      : `≤ ${minuteName(upToMinutes)}`
  const bars = histogram.map((bin, index) => ({ label: binName(bin, index), values: [bin.requested, bin.granted] }))
  return section('durations', 'Durations', 'How long was asked for, how long was given, and how long was it held?', [
    barChart({
      id: 'by-duration',
      title: 'Requested and granted durations',
      description: `Two bars, requested and granted, for each of ${bars.length} lengths of time. The numbers are in the table that follows.`,
      layout: 'grouped',
      series: [
        { key: 'requested', label: 'Requested' },
        { key: 'granted', label: 'Granted' },
      ],
      bars,
    }),
    table({
      caption: 'Requests and grants by length',
      columns: [
        { head: 'Length', cell: row => row.label, look: 'key' },
        { head: 'Requested', cell: row => row.values[0], look: 'number' },
        { head: 'Granted', cell: row => row.values[1], look: 'number' },
      ],
      rows: bars,
      empty: '',
    }),
    table({
      caption: 'Minutes by entitlement: typical (p50) and long (p95)',
      columns: [
        { head: 'Entitlement', cell: row => row.entitlement, look: 'wide' },
        { head: 'Requested p50', cell: row => figureOf(row.requested, 'p50'), look: 'number' },
        { head: 'Requested p95', cell: row => figureOf(row.requested, 'p95'), look: 'number' },
        { head: 'Granted p50', cell: row => figureOf(row.granted, 'p50'), look: 'number' },
        { head: 'Granted p95', cell: row => figureOf(row.granted, 'p95'), look: 'number' },
        { head: 'Held p50', cell: row => figureOf(row.held, 'p50'), look: 'number' },
        { head: 'Held p95', cell: row => figureOf(row.held, 'p95'), look: 'number' },
      ],
      rows: byEntitlement.length > 1 ? [...byEntitlement, { entitlement: 'All together', ...all }] : byEntitlement,
      empty: 'No request was let in by the rules.',
    }),
  ])
}

function minuteName(minutes: number): string {
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${minutes} min`
}
