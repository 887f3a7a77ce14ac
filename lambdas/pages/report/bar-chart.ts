import { nice, ticks } from 'd3-array'
import { html, type Markup } from '../markup.ts'

/** What a colour stands for; its key is also the class that gives the colour. */
export interface Series {
  readonly key: 'granted' | 'denied' | 'refused' | 'unanswered' | 'other' | 'requested'
  readonly label: string
}

export interface BarChart {
  /** Unique in the page. */
  readonly id: string
  readonly title: string
  /** What the picture shows, for those who do not see it; the numbers stand in a table beside. */
  readonly description: string
  readonly layout: 'stacked' | 'grouped'
  readonly series: readonly Series[]
  /** One bar or group of bars each, from left to right. `values` in the order of the series. */
  readonly bars: readonly { readonly label: string; readonly values: readonly number[] }[]
}

interface Rect {
  readonly x: number
  readonly width: number
  readonly value: number
  /** The value it stands on. */
  readonly from: number
  readonly series: Series
}

const WIDTH = 760
const HEIGHT = 260
const LEFT = 48
const RIGHT = 16
const TOP = 22
const BOTTOM = 30
const WIDEST_BAR = 64
/** Labels below the bars that fit side by side. */
const MOST_LABELS = 14

/** A bar chart as inline SVG: no script, nothing from elsewhere, drawn the same for everyone. */
export function barChart(chart: BarChart): Markup {
  const { id, title, description, layout, series, bars } = chart
  const highest = Math.max(
    1,
    ...bars.map(({ values }) => (layout === 'stacked' ? sum(values) : Math.max(0, ...values))),
  )
  const [, top] = nice(0, highest, 4)
  const y = (value: number): number => HEIGHT - BOTTOM - (value / top) * (HEIGHT - BOTTOM - TOP)
  const band = (WIDTH - LEFT - RIGHT) / Math.max(1, bars.length)
  const every = Math.ceil(bars.length / MOST_LABELS)
  return html`<figure>
<figcaption>${title}</figcaption>
<div class="legend">${series.map(({ key, label }) => html`<span><i class="${key}"></i>${label}</span>`)}</div>
<div class="scroll" tabindex="0" role="group" aria-label="${title}, chart">
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-labelledby="${id}-title ${id}-description">
<title id="${id}-title">${title}</title>
<desc id="${id}-description">${description}</desc>
${ticks(0, top, 4)
  .filter(Number.isInteger)
  .map(
    value => html`<line class="${value === 0 ? 'base' : 'grid'}" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${px(y(value))}" y2="${px(y(value))}"/>
<text x="${LEFT - 8}" y="${px(y(value) + 4)}" text-anchor="end">${grouped(value)}</text>`,
  )}
${bars.map(({ label, values }, index) => {
  const left = LEFT + index * band
  const rects = layout === 'stacked' ? stacked(left, band, values, series) : sideBySide(left, band, values, series)
  return html`<g>
${rects.map(rect => drawn(rect, y))}
${index % every === 0 && html`<text x="${px(left + band / 2)}" y="${HEIGHT - BOTTOM + 18}" text-anchor="middle">${label}</text>`}
${every === 1 && figures(rects, layout, y)}
</g>`
})}
</svg>
</div>
</figure>`
}

function stacked(left: number, band: number, values: readonly number[], series: readonly Series[]): readonly Rect[] {
  const width = Math.min(WIDEST_BAR, band * 0.7)
  let from = 0
  return series.map((each, index) => {
    const value = values[index] ?? 0
    const rect = { x: left + (band - width) / 2, width, value, from, series: each }
    from += value
    return rect
  })
}

function sideBySide(left: number, band: number, values: readonly number[], series: readonly Series[]): readonly Rect[] {
  const width = Math.min(WIDEST_BAR, (band * 0.75) / series.length)
  const start = left + (band - width * series.length) / 2
  return series.map((each, index) => ({
    x: start + index * width,
    width,
    value: values[index] ?? 0,
    from: 0,
    series: each,
  }))
}

function drawn({ x, width, value, from, series }: Rect, y: (value: number) => number): Markup | false {
  if (value === 0) return false
  const height = y(from) - y(from + value)
  return html`<rect class="${series.key}" x="${px(x)}" y="${px(y(from + value))}" width="${px(width)}" height="${px(height)}"/>`
}

/** The number over each bar: the sum of a stack, the value of each bar of a group. */
function figures(
  rects: readonly Rect[],
  layout: BarChart['layout'],
  y: (value: number) => number,
): readonly (Markup | false)[] {
  const over = (x: number, value: number): Markup | false =>
    value > 0 &&
    html`<text class="value" x="${px(x)}" y="${px(y(value) - 5)}" text-anchor="middle">${grouped(value)}</text>`
  const [first] = rects
  if (layout === 'stacked') return first ? [over(first.x + first.width / 2, sum(rects.map(({ value }) => value)))] : []
  return rects.map(({ x, width, value }) => over(x + width / 2, value))
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

/** Tenths of a pixel: enough for the eye, short in the file. */
function px(value: number): number {
  return Math.round(value * 10) / 10
}

/** A whole number with its thousands apart. */
export function grouped(value: number): string {
  return value.toLocaleString('en-US')
}
