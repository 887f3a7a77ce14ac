import { createReadStream } from 'node:fs'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { BrokenWorldError, reasonOf, WrongUseError } from '../errors.ts'
import type { Surroundings } from '../surroundings.ts'
import { type PastRequest, pastRequestOf } from './past-request.ts'

/** The requests of a file of events, one JSON object a line, as the archive keeps them. Read line by line: it may be longer than memory. */
export async function* requestsOfFile(
  file: string,
  { workingFolder }: Pick<Surroundings, 'workingFolder'>,
): AsyncGenerator<PastRequest> {
  const input = createReadStream(resolve(workingFolder, file), 'utf8')
  const opened = new Promise<void>((done, failed) => {
    input.once('open', () => done())
    input.once('error', cause => failed(new WrongUseError(`the events cannot be read: ${reasonOf(cause)}`, { cause })))
  })
  await opened
  let number = 0
  for await (const line of createInterface({ input, crlfDelay: Infinity })) {
    number += 1
    if (line.trim() === '') continue
    const place = `${file}:${number}`
    const request = pastRequestOf(jsonOf(line, place), place)
    if (request) yield request
  }
}

function jsonOf(line: string, place: string): unknown {
  try {
    return JSON.parse(line)
  } catch (cause) {
    throw new BrokenWorldError(`${place}: not a line of JSON`, { cause })
  }
}
