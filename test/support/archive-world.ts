import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ObjectArchive } from '../../lambdas/adapters/object-archive.ts'
import { ObjectStaging } from '../../lambdas/adapters/object-staging.ts'
import { sealDays } from '../../lambdas/application/seal-days.ts'
import { eventRow, requestRow } from '../../lambdas/contract/rows.ts'
import type { History } from '../../lambdas/domain/review/lens.ts'
import { createHandler } from '../../lambdas/handlers/archive-events/handler.ts'
import { Faults } from './faults.ts'
import { InMemoryObjects } from './in-memory-objects.ts'
import { LocalDigestSigner } from './local-digest-signer.ts'
import { RecordedMetrics } from './recorded-metrics.ts'
import { SteppedClock } from './stepped-clock.ts'

type Logged = Readonly<Record<string, unknown>>

/** The way from the stream into the archive, over buckets in memory. */
export class ArchiveWorld {
  readonly stagingBucket = new InMemoryObjects()
  readonly archiveBucket = new InMemoryObjects()
  readonly staging = new ObjectStaging(this.stagingBucket)
  readonly archive = new ObjectArchive(this.archiveBucket)
  readonly signer = new LocalDigestSigner()
  readonly clock = new SteppedClock()
  readonly faults = new Faults()
  readonly metrics = new RecordedMetrics(this.faults)
  readonly logged: Logged[] = []
  readonly #follow = createHandler(
    { staging: this.staging },
    { error: (message, ...extra) => void this.logged.push({ message, extra }) },
  )

  /** Shows the consumer a batch of the stream. */
  show(records: readonly object[]): Promise<void> {
    return this.#follow({ Records: records })
  }

  /** Seals as if it were 02:00 UTC of that day. */
  sealOn(day: string) {
    this.clock.setTo(new Date(`${day}T02:00:00Z`))
    return sealDays(this)
  }

  /** Writes what is in the archive into a folder, as `aws s3 sync` does. */
  download(folder: string): void {
    rmSync(folder, { recursive: true, force: true })
    for (const [key, content] of this.archiveBucket.files) {
      const file = join(folder, key)
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, content)
    }
  }
}

let sequenceNumber = 0

/** A record of the stream of the table, as it comes from DynamoDB. */
export function record(eventName: 'INSERT' | 'MODIFY', row: object) {
  sequenceNumber += 1
  const NewImage = attributes(row)
  const { pk, sk } = NewImage
  return {
    eventName,
    dynamodb: { SequenceNumber: String(sequenceNumber).padStart(21, '0'), Keys: { pk, sk }, NewImage },
  }
}

/** What the stream shows of a request: each event, and the request as it is now. */
export function recordsOf({ request, events }: History) {
  return [...events.map(event => record('INSERT', eventRow(event))), record('MODIFY', requestRow(request))]
}

function attributes(row: object): Record<string, unknown> {
  const members = Object.entries(row).filter(([, value]) => value !== undefined)
  return Object.fromEntries(members.map(([name, value]) => [name, attribute(value)]))
}

function attribute(value: unknown): unknown {
  if (typeof value === 'string') return { S: value }
  if (typeof value === 'number') return { N: String(value) }
  if (typeof value === 'boolean') return { BOOL: value }
  if (Array.isArray(value)) return { L: value.map(attribute) }
  return value === null ? { NULL: true } : { M: attributes(Object(value)) }
}
