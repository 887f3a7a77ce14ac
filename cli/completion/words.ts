import type { Command } from '../command.ts'

/** A word a shell may offer, and what it does. */
export interface Word {
  readonly word: string
  readonly does: string
}

/** What may follow the words of one command, `check` or `review create`; for a group, `review`, its commands. */
export interface Place {
  readonly path: string
  readonly words: readonly Word[]
  /** The values of an option, by its name. */
  readonly values: Readonly<Record<string, readonly string[]>>
}

/** First words: `check`, `review`. */
export function firstWords(commands: readonly Command[]): readonly Word[] {
  const all = commands.map(({ name, does }): Word => {
    const [first = '', second] = name.split(' ')
    return { word: first, does: second === undefined ? does : `commands of ${first}` }
  })
  return all.filter(({ word }, index) => all.findIndex(each => each.word === word) === index)
}

/** Groups and commands, each with what may follow. */
export function placesOf(commands: readonly Command[]): readonly Place[] {
  const groups = Map.groupBy(
    commands.filter(({ name }) => name.includes(' ')),
    ({ name }) => name.split(' ')[0] ?? '',
  )
  return [
    ...[...groups].map(([path, members]) => ({
      path,
      words: members.map(({ name, does }) => ({ word: name.split(' ')[1] ?? '', does })),
      values: {},
    })),
    ...commands.map(placeOf),
  ]
}

function placeOf({ name, options, arguments: taken }: Command): Place {
  const named = options.map(option => ({ ...option, word: option.form.split(' ')[0] ?? '' }))
  const values = taken.flatMap(({ values: known = [], does }) => known.map(word => ({ word, does })))
  return {
    path: name,
    words: [...values, ...named.map(({ word, does }) => ({ word, does })), { word: '--help', does: 'show help' }],
    values: Object.fromEntries(named.flatMap(({ word, values: known }) => (known ? [[word, known]] : []))),
  }
}

/** In single quotes of a shell. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
