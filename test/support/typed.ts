import { join } from 'node:path'
import { COMMANDS } from '../../cli/commands.ts'
import { runLapse } from '../../cli/program.ts'
import { PROJECT } from './source-files.ts'

/** What a test says of the place a command line is typed in; everything else is a quiet pipe in test/cli/files. */
export interface Place {
  readonly folder?: string
  readonly environment?: Readonly<Record<string, string>>
  /** Whether a person sits there, and what they answer when asked. */
  readonly terminal?: { readonly answers: string }
  readonly now?: Date
}

export const FILES = join(PROJECT, 'test', 'cli', 'files')

/** Types a command line, without starting a process, and gives what it printed and how it ended. */
export async function typed(line: readonly string[], place: Place = {}) {
  const { folder = FILES, environment = {}, terminal, now = new Date('2027-03-01T11:00:00Z') } = place
  const out: string[] = []
  const err: string[] = []
  const screen = (lines: string[]) => ({
    isTerminal: terminal !== undefined,
    write: (text: string) => void lines.push(text),
  })
  const exit = await runLapse(COMMANDS, line, {
    workingFolder: folder,
    environment,
    out: screen(out),
    err: screen(err),
    now: () => now,
    newKey: () => 'a-new-key',
    sleep: async () => {},
    ask: async question => {
      if (terminal) err.push(question)
      return terminal?.answers
    },
  })
  return { exit, out: out.join(''), err: err.join('') }
}
