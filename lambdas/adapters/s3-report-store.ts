import { createHash } from 'node:crypto'
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { MANIFEST, type NewFile, type ReportStore } from '../application/ports/report-store.ts'
import { $Manifest } from '../contract/review.ts'
import { StoredShapeError } from '../domain/errors.ts'
import type { Edition, Manifest, PackFile } from '../domain/review/manifest.ts'

/** S3 takes parts from 5 MiB and 10,000 of them: 8 MiB each is 78 GiB, and what a file costs in memory. */
const PART_BYTES = 8 * 1024 * 1024

/** Packs in a bucket, under `reviews/<period>/<version>/`. S3 checks the SHA-256 of all it receives. */
export class S3ReportStore implements ReportStore {
  readonly #client: S3Client
  readonly #bucket: string

  constructor(client: S3Client, bucket: string) {
    this.#client = client
    this.#bucket = bucket
  }

  async put(edition: Edition, { name, contentType, content }: NewFile): Promise<Omit<PackFile, 'rows'>> {
    const target = { Bucket: this.#bucket, Key: keyOf(edition, name) }
    const hash = createHash('sha256')
    let bytes = 0
    const counted = (part: Buffer): Buffer => {
      hash.update(part)
      bytes += part.length
      return part
    }
    const parts = partsOf(content)
    const first = await parts.next()
    const second = await parts.next()
    const head = counted(first.done ? Buffer.alloc(0) : first.value)
    if (second.done) await this.#putWhole(target, contentType, head)
    else await this.#putParts(target, contentType, mapped([head, counted(second.value)], parts, counted))
    return { name, contentType, bytes, sha256: hash.digest('hex') }
  }

  async list(edition: Edition): Promise<readonly string[]> {
    const Prefix = keyOf(edition, '')
    const names: string[] = []
    let ContinuationToken: string | undefined
    do {
      const page = await this.#client.send(
        new ListObjectsV2Command({ Bucket: this.#bucket, Prefix, ContinuationToken }),
      )
      names.push(...(page.Contents ?? []).flatMap(({ Key }) => Key?.slice(Prefix.length) ?? []))
      ContinuationToken = page.NextContinuationToken
    } while (ContinuationToken !== undefined)
    return names.sort()
  }

  async manifest(edition: Edition): Promise<Manifest | undefined> {
    const Key = keyOf(edition, MANIFEST)
    const text = await this.#textOf(Key)
    if (text === undefined) return undefined
    try {
      return $Manifest.parse(JSON.parse(text))
    } catch (cause) {
      throw new StoredShapeError(Key, { cause })
    }
  }

  link(
    edition: Edition,
    { name, contentType }: Pick<PackFile, 'name' | 'contentType'>,
    expiresInSeconds: number,
  ): Promise<string> {
    // The page opens, everything else is saved under a name that says what it is.
    const disposition = contentType.startsWith('text/html') ? 'inline' : 'attachment'
    const command = new GetObjectCommand({
      Bucket: this.#bucket,
      Key: keyOf(edition, name),
      ResponseContentType: contentType,
      ResponseContentDisposition: `${disposition}; filename="access-review-${edition.period}-v${edition.version}-${name}"`,
    })
    return getSignedUrl(this.#client, command, { expiresIn: expiresInSeconds })
  }

  async #textOf(Key: string): Promise<string | undefined> {
    try {
      const { Body } = await this.#client.send(new GetObjectCommand({ Bucket: this.#bucket, Key }))
      return await Body?.transformToString()
    } catch (error) {
      // Without s3:ListBucket a missing key is AccessDenied and is thrown: "denied" must not read as "not found".
      if (error instanceof NoSuchKey) return undefined
      throw error
    }
  }

  async #putWhole(target: Target, ContentType: string, Body: Buffer): Promise<void> {
    await this.#client.send(new PutObjectCommand({ ...target, ContentType, Body, ChecksumAlgorithm: 'SHA256' }))
  }

  async #putParts(target: Target, ContentType: string, parts: AsyncIterable<Buffer>): Promise<void> {
    const { UploadId } = await this.#client.send(
      new CreateMultipartUploadCommand({ ...target, ContentType, ChecksumAlgorithm: 'SHA256' }),
    )
    try {
      const Parts: { PartNumber: number; ETag: string | undefined; ChecksumSHA256: string | undefined }[] = []
      for await (const Body of parts) {
        const PartNumber = Parts.length + 1
        const part = { ...target, UploadId, PartNumber, Body, ChecksumAlgorithm: 'SHA256' } as const
        const { ETag, ChecksumSHA256 } = await this.#client.send(new UploadPartCommand(part))
        Parts.push({ PartNumber, ETag, ChecksumSHA256 })
      }
      await this.#client.send(new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload: { Parts } }))
    } catch (error) {
      // Parts of an upload that was never completed cost storage and are seen by nobody. Why it broke matters more than whether
      // they could be taken away: an abort that fails must not stand in for it.
      await Promise.allSettled([this.#client.send(new AbortMultipartUploadCommand({ ...target, UploadId }))])
      throw error
    }
  }
}

interface Target {
  readonly Bucket: string
  readonly Key: string
}

function keyOf({ period, version }: Edition, name: string): string {
  return `reviews/${period}/${version}/${name}`
}

/** The content in parts of at least `PART_BYTES`, the last one excepted. */
async function* partsOf(content: AsyncIterable<string>): AsyncGenerator<Buffer, void, undefined> {
  let waiting: Buffer[] = []
  let bytes = 0
  for await (const text of content) {
    const chunk = Buffer.from(text)
    waiting.push(chunk)
    bytes += chunk.length
    if (bytes < PART_BYTES) continue
    yield Buffer.concat(waiting)
    waiting = []
    bytes = 0
  }
  if (bytes > 0) yield Buffer.concat(waiting)
}

async function* mapped(
  begun: readonly Buffer[],
  rest: AsyncIterable<Buffer>,
  each: (part: Buffer) => Buffer,
): AsyncGenerator<Buffer> {
  yield* begun
  for await (const part of rest) yield each(part)
}
