import * as z from 'zod/mini'
import { awsJson } from './aws-json.ts'
import type { Place, SearchedHouse } from './canary.ts'

const $Groups = z.object({
  logGroups: z.array(z.object({ logGroupName: z.string() })),
  nextToken: z.optional(z.string()),
})
const $Lines = z.object({
  events: z.array(z.object({ logStreamName: z.string(), timestamp: z.number(), message: z.string() })),
  nextToken: z.optional(z.string()),
})
/** What one call of FilterLogEvents gives at most. */
const MOST_LINES = 10_000

/** Every line of every stream of every log group. */
export async function* logPlaces(house: SearchedHouse): AsyncGenerator<Place> {
  for (const group of await logGroups(house)) {
    for await (const { logStreamName, message } of linesOf(house, group)) {
      yield { kind: 'log line', where: `${group} ${logStreamName}`, text: message }
    }
  }
}

async function logGroups({ emulator }: SearchedHouse): Promise<readonly string[]> {
  const names: string[] = []
  let nextToken: string | undefined
  do {
    const page = $Groups.parse(await awsJson(emulator, 'logs', 'Logs_20140328.DescribeLogGroups', { nextToken }))
    names.push(...page.logGroups.map(({ logGroupName }) => logGroupName))
    nextToken = page.nextToken
  } while (nextToken)
  return names
}

/** The emulator gives the first lines and no way on, so the next call begins at the instant of the last one: some come twice. */
async function* linesOf({ emulator }: SearchedHouse, logGroupName: string) {
  let from: { nextToken: string } | { startTime: number } | undefined = { startTime: 0 }
  while (from) {
    const input = { logGroupName, limit: MOST_LINES, ...from }
    const { events, nextToken } = $Lines.parse(await awsJson(emulator, 'logs', 'Logs_20140328.FilterLogEvents', input))
    yield* events
    const last = events.at(-1)?.timestamp
    const isFull = events.length === MOST_LINES
    if (isFull && events[0]?.timestamp === last)
      throw new Error(`more than a page of ${logGroupName} in one millisecond`)
    if (nextToken !== undefined) from = { nextToken }
    else from = isFull && last !== undefined ? { startTime: last } : undefined
  }
}
