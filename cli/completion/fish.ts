import type { Command } from '../command.ts'
import { groupsOf } from './bash.ts'
import { firstWords, placesOf, quoted } from './words.ts'

/** A completion script for fish. */
export function fishCompletion(commands: readonly Command[]): string {
  const groups = groupsOf(commands)
  const lines = [
    '# fish completion of lapse: lapse completion fish | source',
    ...firstWords(commands).map(
      ({ word, does }) => `complete -c lapse -f -n __fish_use_subcommand -a ${quoted(word)} -d ${quoted(does)}`,
    ),
    ...placesOf(commands).flatMap(({ path, words, values }) =>
      words.map(({ word, does }) => {
        const offered = word.startsWith('--') ? `-l ${quoted(word.slice(2))}` : `-f -a ${quoted(word)}`
        const known = values[word] ? ` -x -a ${quoted(values[word].join(' '))}` : ''
        return `complete -c lapse -n ${quoted(whenAt(path, groups))} ${offered}${known} -d ${quoted(does)}`
      }),
    ),
  ]
  return `${lines.join('\n')}\n`
}

/** True when these are the words typed so far: `list` is another command after `review`. */
function whenAt(path: string, groups: readonly string[]): string {
  const seen = (word: string): string => `__fish_seen_subcommand_from ${word}`
  const [first = '', second] = path.split(' ')
  if (second !== undefined) return `${seen(first)}; and ${seen(second)}`
  if (groups.includes(first)) return seen(first)
  return [seen(first), ...groups.map(group => `not ${seen(group)}`)].join('; and ')
}
