import type { Command } from '../command.ts'
import { firstWords, placesOf, quoted, type Word } from './words.ts'

/** A completion script for bash 3.2 and newer. */
export function bashCompletion(commands: readonly Command[]): string {
  const places = placesOf(commands)
  const listed = (words: readonly Word[]): string => quoted(words.map(({ word }) => word).join(' '))
  const values = places.flatMap(({ path, values: known }) =>
    Object.entries(known).map(
      ([option, each]) => `    ${quoted(`${path} ${option}`)}) words=${quoted(each.join(' '))} ;;`,
    ),
  )
  return `# bash completion of lapse: source <(lapse completion bash)
_lapse() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD - 1]}" path="\${COMP_WORDS[1]}" words=
  case "$path" in
    ${groupsOf(commands).map(quoted).join(' | ')}) [ "$COMP_CWORD" -gt 2 ] && path="$path \${COMP_WORDS[2]}" ;;
  esac
  if [ "$COMP_CWORD" -eq 1 ]; then path=; fi
  case "$path" in
    '') words=${listed(firstWords(commands))} ;;
${places.map(({ path, words }) => `    ${quoted(path)}) words=${listed(words)} ;;`).join('\n')}
  esac
  case "$path $previous" in
${values.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _lapse lapse
`
}

/** First words that only have others after them. */
export function groupsOf(commands: readonly Command[]): readonly string[] {
  return [...new Set(commands.flatMap(({ name }) => (name.includes(' ') ? [name.split(' ')[0] ?? ''] : [])))]
}
