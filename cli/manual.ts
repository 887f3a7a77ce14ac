import type { Command } from './command.ts'
import { runLapse } from './program.ts'
import type { Surroundings } from './surroundings.ts'

/** Where the part of docs/cli.md begins that is made. */
export const MANUAL_BEGINS = '<!-- From here on made by npm run manual from what --help says. -->'

/** The page with a section for every command, below what was written by hand. */
export async function manual(page: string, commands: readonly Command[]): Promise<string> {
  const [written = ''] = page.split(MANUAL_BEGINS)
  const sections = await Promise.all(commands.map(each => sectionOf(each, commands)))
  return `${written}${MANUAL_BEGINS}\n\n${sections.join('\n')}`
}

async function sectionOf({ name, does }: Command, commands: readonly Command[]): Promise<string> {
  const help = await helpOf(name, commands)
  return `## \`lapse ${name}\`\n\n${does.charAt(0).toUpperCase()}${does.slice(1)}.\n\n\`\`\`text\n${help.trimEnd()}\n\`\`\`\n`
}

/** What `lapse <name> --help` prints. */
async function helpOf(name: string, commands: readonly Command[]): Promise<string> {
  const printed: string[] = []
  const screen = { isTerminal: false, write: (text: string) => void printed.push(text) }
  await runLapse(commands, [...name.split(' '), '--help'], { ...NOWHERE, out: screen, err: screen })
  return printed.join('')
}

/** Help asks nothing of the outside. */
const NOWHERE: Omit<Surroundings, 'out' | 'err'> = {
  workingFolder: '.',
  environment: {},
  now: () => new Date(0),
  newKey: () => '',
  sleep: async () => {},
  ask: async () => undefined,
}
