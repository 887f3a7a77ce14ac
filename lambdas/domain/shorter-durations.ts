/** Choices offered; more than a person wants to read. */
const MOST_CHOICES = 6

/**
 * What an approver may allow instead of `seconds`: halves of it in whole minutes, or whole seconds below one minute, and never less
 * than the shortest grant. The longest first.
 */
export function shorterDurations(seconds: number, shortestGrantSeconds: number): readonly number[] {
  const choices: number[] = []
  let next = halfOf(seconds)
  while (next >= shortestGrantSeconds && next > 0 && choices.length < MOST_CHOICES) {
    choices.push(next)
    next = halfOf(next)
  }
  return choices
}

function halfOf(seconds: number): number {
  const half = seconds / 2
  return half < 60 ? Math.floor(half) : Math.floor(half / 60) * 60
}
