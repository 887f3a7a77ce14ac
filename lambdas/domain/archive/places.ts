import type { ArchiveTable } from './line.ts'

/** Where things lie in the archive. Nothing else spells a key of it. */
export const DIGESTS = 'digests/'
export const PUBLIC_KEYS = 'keys/'
export const PACKS = 'reviews/'

/** The folder of a day, as Athena and DuckDB partition by it. */
export const dayFolder = (table: ArchiveTable, day: string) => `${table}/day=${day}/`

/** A part names the sealing that added it, so that what a sealing wrote before it broke is found again. */
export const partKey = (table: ArchiveTable, day: string, sealed: string, part: number) =>
  `${dayFolder(table, day)}${sealed}-${part}.jsonl.gz`

export const digestKey = (day: string) => `${DIGESTS}${day}.json`
export const publicKeyKey = (fingerprint: string) => `${PUBLIC_KEYS}${fingerprint}.pem`

export interface PartPlace {
  readonly table: ArchiveTable
  readonly day: string
  /** The day of the digest that lists it. */
  readonly sealed: string
  readonly part: number
}

const PART =
  /^(?<table>events|requests)\/day=(?<day>\d{4}-\d{2}-\d{2})\/(?<sealed>\d{4}-\d{2}-\d{2})-(?<part>[1-9]\d*)\.jsonl\.gz$/

/** What a key says of a part, or undefined when it is none. */
export function partAt(key: string): PartPlace | undefined {
  const { table, day, sealed, part } = PART.exec(key)?.groups ?? {}
  if (day === undefined || sealed === undefined) return undefined
  return { table: table === 'events' ? 'events' : 'requests', day, sealed, part: Number(part) }
}
