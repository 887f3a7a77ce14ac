import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod/mini'
import type { House } from './house.ts'

export const PROJECT = join(import.meta.dirname, '..')
export const STATE = join(PROJECT, '.lapse')
export const DEFAULT_PORT = 4566

const $Text = z.string().check(z.minLength(1))

/** `.lapse/local.json`: all that programs need to know of the house that `npm start` left running. The fields are fixed. */
export const $LocalHouse = z.strictObject({
  apiUrl: $Text,
  endpointUrl: $Text,
  region: $Text,
  accountId: $Text,
  mailUrl: $Text,
  tableName: $Text,
  archiveBucket: $Text,
  reportsBucket: $Text,
  stateMachineArn: $Text,
  accessFile: $Text,
  /** A user's own keys, or the temporary ones of a session of a role. */
  people: z.record(
    z.string(),
    z.strictObject({
      arn: $Text,
      accessKeyId: $Text,
      secretAccessKey: $Text,
      sessionToken: z.exactOptional($Text),
    }),
  ),
})
export type LocalHouse = z.output<typeof $LocalHouse>

/** `.lapse/pids.json`: what `npm stop` ends. */
const $Pids = z.object({
  /** The keeper, leader of the process group in which everything but the emulator runs. */
  keeper: z.int(),
  /** The emulator's port: it is free again when the house is gone. */
  port: z.int(),
  /** The emulator, leader of its own group; not known yet while the house is starting. */
  emulator: z.optional(z.int()),
})
export type Pids = z.output<typeof $Pids>

/** The files of one house that was left running. */
export class LocalFiles {
  readonly folder: string
  readonly local: string
  readonly pids: string
  readonly log: string

  constructor(folder = STATE) {
    this.folder = folder
    this.local = join(folder, 'local.json')
    this.pids = join(folder, 'pids.json')
    this.log = join(folder, 'house.log')
    mkdirSync(folder, { recursive: true })
  }

  writePids(pids: Pids): void {
    writeFileSync(this.pids, `${JSON.stringify(pids, null, 2)}\n`)
  }

  /** The keys in it are those of made-up people, but they are keys: nobody else on the machine needs them. */
  writeLocal(house: LocalHouse): void {
    writeFileSync(this.local, `${JSON.stringify(house, null, 2)}\n`, { mode: 0o600 })
  }

  readPids(): Pids | undefined {
    return readJson(this.pids, $Pids)
  }

  readLocal(): LocalHouse | undefined {
    return readJson(this.local, $LocalHouse)
  }

  remove(): void {
    rmSync(this.local, { force: true })
    rmSync(this.pids, { force: true })
  }
}

/** What `local.json` says of a house. */
export function localHouseOf(house: House, mailUrl: string): LocalHouse {
  const { emulator, apiUrl, region, accountId, tableName, archiveBucket, reportsBucket, stateMachineArn, accessFile } =
    house
  return $LocalHouse.parse({
    apiUrl,
    endpointUrl: emulator.endpointUrl,
    region,
    accountId,
    mailUrl,
    tableName,
    archiveBucket,
    reportsBucket,
    stateMachineArn,
    accessFile,
    people: Object.fromEntries(
      Object.entries(house.people).map(([id, { arn, accessKeyId, secretAccessKey, sessionToken }]) => [
        id,
        { arn, accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) },
      ]),
    ),
  })
}

/** A file that is not there or is not ours to read counts as none: the house is started anew then. */
function readJson<Schema extends z.ZodMiniType>(file: string, schema: Schema): z.output<Schema> | undefined {
  if (!existsSync(file)) return undefined
  try {
    return schema.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data
  } catch {
    return undefined
  }
}
