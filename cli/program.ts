import { CommanderError, Command as Verb } from 'commander'
import { printProblem } from './api/print-problem.ts'
import { ApiProblemError, exitOf } from './api/problem.ts'
import type { Command } from './command.ts'
import { reasonOf } from './errors.ts'
import { EXIT, type Exit } from './exit.ts'
import { inkFor } from './print/ink.ts'
import type { Surroundings } from './surroundings.ts'

const ABOUT = `Rights in AWS for a bounded time.

check, explain, replay and verify read files. The others call the API of a deployment: LAPSE_API_URL or --api says which, and the calls are signed with the AWS credentials of the environment (keys, profile, SSO). In a folder where npm start left a house running, --as <person> takes that person's keys instead.`

const EXITS =
  'Exit codes: 0 done · 1 the answer is no (refused, denied, flaws found) · 2 called wrongly, or something is broken'

/** Runs one command line (without the program's name) and says how it ended. Nothing is thrown. */
export async function runLapse(
  commands: readonly Command[],
  typed: readonly string[],
  surroundings: Surroundings,
): Promise<Exit> {
  const ended: { exit: Exit } = { exit: EXIT.ok }
  const program = programOf(commands, surroundings, async (command, given) => {
    ended.exit = await command.run(given, surroundings)
  })
  try {
    await program.parseAsync(withDefaultOf(commands, typed), { from: 'user' })
    return ended.exit
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.wrong
    return told(error, typed, surroundings)
  }
}

/** `lapse findings --json` is `lapse findings list --json`; what is no option is another word of the group, or mistyped. */
function withDefaultOf(commands: readonly Command[], typed: readonly string[]): readonly string[] {
  const [group, next, ...rest] = typed
  const word = commands.find(({ name, isDefault }) => isDefault && name.split(' ')[0] === group)?.name.split(' ')[1]
  const isMeant = next === undefined || (next.startsWith('-') && next !== '--help' && next !== '-h')
  if (group === undefined || word === undefined || !isMeant) return typed
  return [group, word, ...(next === undefined ? [] : [next]), ...rest]
}

type Run = (command: Command, given: unknown) => Promise<void>

/** The parser of all commands. Mistyped commands and options are answered with the nearest one there is. */
export function programOf(
  commands: readonly Command[],
  { out, err }: Pick<Surroundings, 'out' | 'err'>,
  run: Run,
): Verb {
  const program = new Verb('lapse').description(ABOUT).addHelpText('after', `\n${EXITS}`)
  program.exitOverride().configureOutput({
    writeOut: text => out.write(text),
    writeErr: text => err.write(text),
    outputError: (text, write) => write(text.replace(/^error:/, 'lapse:')),
    getOutHelpWidth: () => HELP_WIDTH,
    getErrHelpWidth: () => HELP_WIDTH,
  })
  for (const command of commands) {
    const words = command.name.split(' ')
    const last = words.pop() ?? ''
    addTo(words.reduce(groupIn, program), last, command, run)
  }
  return program
}

/** Help is the same on every terminal, so that docs/cli.md can hold it. */
const HELP_WIDTH = 110

/** `review` of `review create`: a command that only has others under it. */
function groupIn(parent: Verb, name: string): Verb {
  const there = parent.commands.find(each => each.name() === name)
  return there ?? parent.command(name).description(GROUPS[name] ?? '')
}

const GROUPS: Readonly<Record<string, string>> = {
  findings: 'what a person should look at, and what came of it',
  review: 'reviews of a quarter or of any days',
}

function addTo(parent: Verb, name: string, command: Command, run: Run): void {
  const verb = parent.command(name).description(command.does)
  for (const { form, does } of command.arguments) verb.argument(form, does)
  for (const { form, does, isRepeated } of command.options) {
    if (isRepeated) verb.option(form, does, (value: string, before: readonly string[] = []) => [...before, value])
    else verb.option(form, does)
  }
  const examples = command.examples.map(example => `  ${example}`).join('\n')
  verb.addHelpText('after', `\nExample${command.examples.length > 1 ? 's' : ''}:\n${examples}`)
  verb.action(async () => {
    const given = verb.registeredArguments.map((each, index): readonly [string, unknown] => [
      each.name(),
      verb.processedArgs[index],
    ])
    await run(command, { ...Object.fromEntries(given), ...verb.opts() })
  })
}

function told(error: unknown, typed: readonly string[], surroundings: Surroundings): Exit {
  if (error instanceof ApiProblemError) {
    printProblem(error, typed.includes('--json'), surroundings)
    return exitOf(error)
  }
  const { err } = surroundings
  err.write(`${inkFor(err, surroundings)('red', 'lapse:')} ${reasonOf(error)}\n`)
  return EXIT.wrong
}
