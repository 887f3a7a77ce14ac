import type { Staged, StagedDay, Staging } from '../application/ports/archive.ts'
import { type ArchiveLine, byPlace, TABLES } from '../domain/archive/line.ts'
import { dayFolder } from '../domain/archive/places.ts'
import { sha256 } from '../domain/digest.ts'
import { compressed, decompressed } from './compressed-lines.ts'
import type { Objects } from './objects.ts'

const ASIDE = 'unreadable/'
const PLACE = /^(?<table>events|requests)\/day=(?<day>\d{4}-\d{2}-\d{2})\//

/** Lines that wait, one object a batch, table and day. An object is named by its content, so that a batch shown again writes the same one. */
export class ObjectStaging implements Staging {
  readonly #objects: Objects

  constructor(objects: Objects) {
    this.#objects = objects
  }

  async stage(lines: readonly ArchiveLine[]): Promise<void> {
    const folders = Map.groupBy(lines, ({ table, day }) => dayFolder(table, day))
    for (const [folder, some] of folders) {
      const name = sha256(some.map(({ text }) => text).join('\n')).slice(0, 32)
      await this.#objects.put(`${folder}${name}.jsonl.gz`, compressed(some.toSorted(byPlace)), 'application/gzip')
    }
  }

  async setAside(name: string, row: unknown): Promise<void> {
    await this.#objects.put(`${ASIDE}${name}.json`, `${JSON.stringify(row)}\n`, 'application/json')
  }

  async days(): Promise<readonly StagedDay[]> {
    const keys = (await Promise.all(TABLES.map(table => this.#objects.keys(`${table}/`)))).flat()
    const days = new Map<string, StagedDay>()
    for (const key of keys) {
      const { table, day } = PLACE.exec(key)?.groups ?? {}
      if (day !== undefined) days.set(`${day} ${table}`, { day, table: table === 'events' ? 'events' : 'requests' })
    }
    return [...days].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, day]) => day)
  }

  async read({ table, day }: StagedDay): Promise<Staged> {
    const keys = await this.#objects.keys(dayFolder(table, day))
    const lines: ArchiveLine[] = []
    for (const key of keys) for (const line of decompressed(table, key, await this.#objects.read(key))) lines.push(line)
    return { keys, lines }
  }

  clear(keys: readonly string[]): Promise<void> {
    return this.#objects.remove(keys)
  }
}
