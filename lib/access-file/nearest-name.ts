/** The known name a mistyped one most likely meant, or undefined when none is near enough to suggest. */
export function nearestName(typed: string, known: Iterable<string>): string | undefined {
  const farthest = Math.max(1, Math.floor(typed.length / 3))
  return [...known]
    .map(name => ({ name, distance: distanceOf(typed.toLowerCase(), name.toLowerCase()) }))
    .filter(({ distance }) => distance <= farthest)
    .sort((a, b) => a.distance - b.distance)[0]?.name
}

/** Letters in the wrong order (`titel`) are one mistake, however many letters moved. */
function distanceOf(typed: string, name: string): number {
  const isShuffled = [...typed].sort().join('') === [...name].sort().join('')
  return isShuffled ? Math.min(1, editDistance(typed, name)) : editDistance(typed, name)
}

/** Levenshtein: how many letters must be added, dropped or replaced to turn one text into the other. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column)
  for (const [index, letter] of [...from].entries()) {
    const next = [index + 1]
    for (const [column, other] of [...to].entries()) {
      const replaced = (row[column] ?? 0) + (letter === other ? 0 : 1)
      next.push(Math.min(replaced, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}
