import type { SomeActions } from './allowed-actions.ts'

/** Abbreviations that AWS writes in capitals where the next word begins with one too: `DescribeDBInstances`. */
const WORD = /[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+|[*?]+/g

/** An action as words: `GetObject` is `get object`. A name with its service, or with a wildcard, stays as it is. */
export function actionWords(name: string): string {
  if (/[:*?]/.test(name)) return name
  const words = name.match(WORD) ?? [name]
  return words.map(word => (/^[A-Z]{2,}$/.test(word) ? word : word.toLowerCase())).join(' ')
}

/** `get item, query and 3 more`. */
export function someActionsWords({ count, examples }: SomeActions): string {
  const more = count - examples.length
  const words = examples.map(actionWords)
  if (more <= 0) return listed(words)
  return examples.length === 0 ? `${count} actions` : `${words.join(', ')} and ${more} more`
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(texts: readonly string[], last = 'and'): string {
  return texts.length < 2 ? texts.join() : `${texts.slice(0, -1).join(', ')} ${last} ${texts.at(-1)}`
}
