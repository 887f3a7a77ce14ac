import type { Command } from '../command.ts'
import { groupsOf } from './bash.ts'
import { firstWords, placesOf, quoted, type Word } from './words.ts'

/** A completion script for zsh. */
export function zshCompletion(commands: readonly Command[]): string {
  const described = (words: readonly Word[]): string =>
    words.map(({ word, does }) => quoted(`${word.replaceAll(':', '\\:')}:${does.replaceAll(':', '\\:')}`)).join(' ')
  const places = placesOf(commands)
  const values = places.flatMap(({ path, values: known }) =>
    Object.entries(known).map(([option, each]) => `    ${quoted(`${path} ${option}`)}) found=(${each.join(' ')}) ;;`),
  )
  return `#compdef lapse
# zsh completion of lapse: source <(lapse completion zsh)
_lapse() {
  local here="\${words[2]}"
  local -a found
  case "$here" in
    ${groupsOf(commands).map(quoted).join(' | ')}) (( CURRENT > 3 )) && here="$here \${words[3]}" ;;
  esac
  (( CURRENT == 2 )) && here=
  case "$here" in
    '') found=(${described(firstWords(commands))}) ;;
${places.map(({ path, words }) => `    ${quoted(path)}) found=(${described(words)}) ;;`).join('\n')}
  esac
  case "$here \${words[CURRENT - 1]}" in
${values.join('\n')}
  esac
  _describe 'lapse' found || _files
}
compdef _lapse lapse
`
}
