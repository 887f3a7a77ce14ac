#!/usr/bin/env node
import { randomUUID } from 'node:crypto'
import { createInterface } from 'node:readline/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { COMMANDS } from '../cli/commands.ts'
import { runLapse } from '../cli/program.ts'
import type { Screen } from '../cli/surroundings.ts'

/** A reader that has seen enough (`lapse list | head`) is no error. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit()
  throw error
})

process.exitCode = await runLapse(COMMANDS, process.argv.slice(2), {
  workingFolder: process.cwd(),
  environment: process.env,
  out: screenOf(process.stdout),
  err: screenOf(process.stderr),
  now: () => new Date(),
  newKey: () => randomUUID(),
  sleep: milliseconds => sleep(milliseconds),
  ask,
})

function screenOf(stream: NodeJS.WriteStream): Screen {
  return { isTerminal: stream.isTTY === true, write: text => void stream.write(text) }
}

async function ask(question: string): Promise<string | undefined> {
  if (!process.stdin.isTTY) return undefined
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  try {
    return await terminal.question(question)
  } finally {
    terminal.close()
  }
}
