import { type Child, html, type Markup } from '../markup.ts'

export interface Column<Row> {
  readonly head: string
  readonly cell: (row: Row) => Child
  /** `number` stands right, `time` and `key` do not break, `wide` may, `hash` is set small. */
  readonly look?: 'number' | 'time' | 'key' | 'wide' | 'hash'
}

export interface Table<Row> {
  readonly caption: string
  /** The first column names the row. */
  readonly columns: readonly Column<Row>[]
  readonly rows: readonly Row[]
  /** What is said in place of a table without rows. */
  readonly empty: string
}

/** A table that scrolls by itself where it is wider than the page, also by keyboard. */
export function table<Row>({ caption, columns, rows, empty }: Table<Row>): Markup {
  if (rows.length === 0) return html`<p>${empty}</p>`
  return html`<div class="scroll" tabindex="0" role="group" aria-label="${caption}">
<table>
<caption>${caption}</caption>
<thead><tr>${columns.map(({ head, look }) => html`<th scope="col" class="${look}">${head}</th>`)}</tr></thead>
<tbody>
${rows.map(
  row => html`<tr>${columns.map(({ cell, look }, index) =>
    index === 0 ? html`<th scope="row" class="${look}">${cell(row)}</th>` : html`<td class="${look}">${cell(row)}</td>`,
  )}</tr>
`,
)}</tbody>
</table>
</div>`
}

/** A few big figures in a row. */
export function figures(
  facts: readonly { readonly label: string; readonly value: string; readonly isBad?: boolean }[],
): Markup {
  return html`<dl class="figures">${facts.map(
    ({ label, value, isBad }) => html`<div class="${isBad && 'bad'}"><dt>${label}</dt><dd>${value}</dd></div>`,
  )}</dl>`
}

/** A section of the report: the question it answers, then the answer. */
export function section(id: string, title: string, question: string, body: Child): Markup {
  return html`<section id="${id}" aria-labelledby="${id}-heading">
<h2 id="${id}-heading">${title}</h2>
<p class="question">${question}</p>
${body}
</section>`
}
