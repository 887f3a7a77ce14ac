import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { canaryRun } from '../test/support/canary-run.ts'
import { OwnHouse } from '../test/support/own-house.ts'
import type { Measured } from './faults.ts'

const ACCESS_FILE = join(import.meta.dirname, '..', 'test', 'e2e', 'access.yaml')

/** FI-20 in numbers: approvals through the deployed app, then every secret there was, looked for in all that is left. */
export async function canaries(args: readonly string[]): Promise<Measured> {
  const asked = Number(args[0] ?? 1000)
  const own = await OwnHouse.start(folder => {
    const path = join(folder, 'access.yaml')
    copyFileSync(ACCESS_FILE, path)
    return path
  })
  try {
    const run = await canaryRun(own.house, asked, line => process.stderr.write(`${line}\n`))
    const {
      approvals,
      lives,
      secrets,
      places,
      characters,
      numbersSeen,
      missed,
      logged,
      leaked,
      meant,
      living,
      seconds,
    } = run
    for (const { kind, of, place, where } of leaked) process.stderr.write(`${kind} of ${of} in ${place} ${where}\n`)
    for (const sight of missed) process.stderr.write(`not found although put there: ${sight}\n`)
    return {
      table: [
        ['approvals (requests)', `${approvals} (${lives})`],
        ...[...secrets].map(([kind, count]) => [`secrets: ${kind}`, count] as const),
        ...[...places].map(([kind, count]) => [`looked at: ${kind}`, count] as const),
        ['characters', characters],
        ['numbers of six digits among them', numbersSeen],
        ['kinds of failures in the logs', logged.size],
        ['planted and not found', missed.length],
        ['task tokens where they must be', meant.length],
        ['task tokens that still answer', living.length],
        ['seconds, lives', seconds.lives.toFixed(1)],
        ['seconds, search', seconds.search.toFixed(1)],
        ['found where they must not be', leaked.length],
      ],
      keys: { approvals, missed: missed.length, living: living.length, leaked: leaked.length },
    }
  } finally {
    await own.stop()
  }
}
