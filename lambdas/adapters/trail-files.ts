import { gunzipSync } from 'node:zlib'
import { GetObjectCommand, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3'
import type { Calls, Trail } from '../application/ports/books.ts'
import { readTrailFile, type TrailRecord } from '../contract/trail-event.ts'
import { type TrailPlace, trailPlaceOf } from '../contract/trail-place.ts'
import { isInSpan, type Span } from '../domain/activity/books.ts'
import { plusSeconds } from '../domain/instant.ts'
import { userIdOf } from '../domain/principal.ts'
import type { Principal } from '../domain/request.ts'

/** How long after a call its file may still be delivered; CloudTrail says minutes, and promises nothing. */
const LATE_SECONDS = 2 * 3600
/** A busy account has some hundred files an hour; a page of the event history is worth this many. */
const FILES_A_PAGE = 50
const AT_ONCE = 8
const DAY_SECONDS = 86_400

/**
 * What the files of a trail show: whatever the trail records, data events too if it is set so, in every region it has files of.
 *
 * A file is named after when it was delivered, to the minute, and holds calls from any time before that.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-examples.html
 */
export class TrailFiles implements Trail {
  readonly #client: S3Client
  readonly #place: TrailPlace

  /** @param trail where the files lie, as a `TrailPlace` is written. */
  constructor(client: S3Client, trail: string) {
    this.#client = client
    this.#place = trailPlaceOf(trail)
  }

  async callsOf(principal: Principal, span: Span, mostPages: number): Promise<Calls> {
    const regions = await this.#regions()
    const keys: string[] = []
    for (const region of regions) for (const day of daysOf(span)) keys.push(...(await this.#keysOf(region, day, span)))
    const read = keys.sort((a, b) => stampIn(b).localeCompare(stampIn(a))).slice(0, mostPages * FILES_A_PAGE)
    const userId = userIdOf(principal)
    const found = new Map<string, TrailRecord>()
    let unreadable = 0
    for (let start = 0; start < read.length; start += AT_ONCE) {
      const files = await Promise.all(read.slice(start, start + AT_ONCE).map(key => this.#fileAt(key)))
      for (const file of files) {
        unreadable += file.unreadable
        for (const record of file.records) {
          if (record.principalId === userId && isInSpan(span, record.at)) found.set(record.eventId, record)
        }
      }
    }
    const calls = [...found.values()].map(({ principalId: _, ...call }) => call)
    return { calls, regions, pages: 0, files: read.length, isCut: keys.length > read.length, unreadable }
  }

  async #regions(): Promise<readonly string[]> {
    const path = `${this.#place.path}/`
    const folders = await this.#list({ Prefix: path, Delimiter: '/' })
    return folders.map(folder => folder.slice(path.length, -1)).filter(region => REGION.test(region))
  }

  /** Keys of a day sort by when they were delivered. */
  async #keysOf(region: string, day: Date, { from, until }: Span): Promise<readonly string[]> {
    const { path, account } = this.#place
    const Prefix = `${path}/${region}/${day.toISOString().slice(0, 10).replaceAll('-', '/')}/${account}_CloudTrail_${region}_`
    const last = stampOf(plusSeconds(until, LATE_SECONDS))
    const keys = await this.#list({ Prefix, StartAfter: `${Prefix}${stampOf(from)}` })
    return keys.filter(key => stampIn(key) !== '' && stampIn(key) <= last)
  }

  /** Folders if there is a delimiter, keys if not. */
  async #list(where: {
    readonly Prefix: string
    readonly Delimiter?: string
    readonly StartAfter?: string
  }): Promise<readonly string[]> {
    const found: string[] = []
    let ContinuationToken: string | undefined
    do {
      const page = await this.#client.send(
        new ListObjectsV2Command({ Bucket: this.#place.bucket, ...where, ContinuationToken }),
      )
      const folders = (page.CommonPrefixes ?? []).flatMap(({ Prefix }) => Prefix ?? [])
      found.push(...(where.Delimiter === undefined ? (page.Contents ?? []).flatMap(({ Key }) => Key ?? []) : folders))
      ContinuationToken = page.NextContinuationToken
    } while (ContinuationToken !== undefined)
    return found
  }

  async #fileAt(Key: string): Promise<ReturnType<typeof readTrailFile>> {
    const { Body } = await this.#client.send(new GetObjectCommand({ Bucket: this.#place.bucket, Key }))
    if (!Body) throw new RangeError(`${Key} has no content`)
    return readTrailFile(unpacked(await Body.transformToByteArray()))
  }
}

/** Empty where it is not packed. */
function unpacked(content: Uint8Array): string {
  try {
    return gunzipSync(content).toString('utf8')
  } catch {
    return ''
  }
}

const REGION = /^[a-z]{2}(-[a-z]+)+-\d$/
const STAMP = /_(\d{8}T\d{4}Z)_[^/]*\.json\.gz$/

/** `20270301T1015Z`, as in the name of a file; empty in any other name. */
function stampIn(key: string): string {
  return STAMP.exec(key)?.[1] ?? ''
}

function stampOf(at: Date): string {
  return `${at.toISOString().slice(0, 16).replaceAll(/[-:]/g, '')}Z`
}

function daysOf({ from, until }: Span): readonly Date[] {
  const days: Date[] = []
  const last = stampOf(plusSeconds(until, LATE_SECONDS)).slice(0, 8)
  for (let day = from; stampOf(day).slice(0, 8) <= last; day = plusSeconds(day, DAY_SECONDS)) days.push(day)
  return days
}
