/**
 * How often each value was seen. Exact and mergeable: durations and delays are whole seconds below a maximum, so the number of
 * different values stays small however many there are (a day of seconds at the very most, a few hundred in practice).
 */
export type Distribution = Map<number, number>

/** What a reader is told of a distribution. Percentiles are exact: the nearest rank, a value that was really seen. */
export interface Spread {
  readonly count: number
  readonly total: number
  readonly p50: number
  readonly p95: number
  readonly maximum: number
}

export function addValue(distribution: Distribution, value: number): void {
  distribution.set(value, (distribution.get(value) ?? 0) + 1)
}

export function mergeDistributions(into: Distribution, from: Distribution): Distribution {
  for (const [value, count] of from) into.set(value, (into.get(value) ?? 0) + count)
  return into
}

/** The spread of seen values, or undefined when none was. `scale` divides every figure: 60 gives minutes of seconds. */
export function spreadOf(distribution: Distribution, scale = 1): Spread | undefined {
  const values = [...distribution].sort(([a], [b]) => a - b)
  const last = values.at(-1)
  if (!last) return undefined
  const count = values.reduce((sum, [, times]) => sum + times, 0)
  const total = values.reduce((sum, [value, times]) => sum + value * times, 0)
  const at = (share: number): number => {
    let left = Math.ceil(share * count)
    for (const [value, times] of values) {
      left -= times
      if (left <= 0) return value
    }
    return last[0]
  }
  const scaled = (value: number): number => rounded(value / scale)
  return { count, total: scaled(total), p50: scaled(at(0.5)), p95: scaled(at(0.95)), maximum: scaled(last[0]) }
}

/** How many values lie in each bin: up to and including its bound, above the bound before. The last bin has no bound. */
export function binned(distribution: Distribution, bounds: readonly number[]): readonly number[] {
  const bins = [...bounds.map(() => 0), 0]
  for (const [value, times] of distribution) {
    const bin = bounds.findIndex(bound => value <= bound)
    const index = bin === -1 ? bounds.length : bin
    bins[index] = (bins[index] ?? 0) + times
  }
  return bins
}

/** Seconds as minutes with at most two decimals. */
export function minutesOf(seconds: number): number {
  return rounded(seconds / 60)
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100
}
