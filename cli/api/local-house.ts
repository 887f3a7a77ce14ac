import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod/mini'
import { BrokenWorldError } from '../errors.ts'

const FILE = join('.lapse', 'local.json')
const $Keys = z.object({
  accessKeyId: z.string(),
  secretAccessKey: z.string(),
  sessionToken: z.exactOptional(z.string()),
})
const $LocalHouse = z.object({
  apiUrl: z.string(),
  endpointUrl: z.string(),
  region: z.string(),
  people: z.record(z.string(), $Keys),
})

/** The house that `npm start` left running: what of `.lapse/local.json` a caller needs. */
export type LocalHouse = z.output<typeof $LocalHouse>

/** @returns undefined when none was left in the folder. @throws BrokenWorldError when the file is not what `npm start` writes. */
export function readLocalHouse(folder: string): LocalHouse | undefined {
  const path = join(folder, FILE)
  if (!existsSync(path)) return undefined
  const read = $LocalHouse.safeParse(jsonOf(readFileSync(path, 'utf8')))
  if (read.success) return read.data
  const members = read.error.issues.map(issue => issue.path.join('.')).join(', ')
  throw new BrokenWorldError(`${FILE} is not what npm start writes (${members}); stop and start the house again`)
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
