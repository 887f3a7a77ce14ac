import {
  DeleteObjectsCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3'
import type { Objects } from './objects.ts'

/** S3 deletes this many at once. */
const MOST_REMOVED = 1000

/** Objects of one bucket of S3, which checks the SHA-256 of all it receives. */
export class S3Objects implements Objects {
  readonly #client: S3Client
  readonly #bucket: string

  constructor(client: S3Client, bucket: string) {
    this.#client = client
    this.#bucket = bucket
  }

  async put(Key: string, Body: Buffer | string, ContentType: string): Promise<void> {
    await this.#client.send(new PutObjectCommand({ ...this.#to(Key, ContentType), Body }))
  }

  async add(Key: string, Body: Buffer | string, ContentType: string): Promise<boolean> {
    try {
      await this.#client.send(new PutObjectCommand({ ...this.#to(Key, ContentType), Body, IfNoneMatch: '*' }))
      return true
    } catch (error) {
      if (error instanceof Error && error.name === 'PreconditionFailed') return false
      throw error
    }
  }

  async read(Key: string): Promise<Uint8Array> {
    const { Body } = await this.#client.send(new GetObjectCommand({ Bucket: this.#bucket, Key }))
    if (!Body) throw new RangeError(`${Key} has no content`)
    return Body.transformToByteArray()
  }

  async keys(Prefix: string): Promise<readonly string[]> {
    const keys: string[] = []
    let ContinuationToken: string | undefined
    do {
      const page = await this.#client.send(
        new ListObjectsV2Command({ Bucket: this.#bucket, Prefix, ContinuationToken }),
      )
      keys.push(...(page.Contents ?? []).flatMap(({ Key }) => Key ?? []))
      ContinuationToken = page.NextContinuationToken
    } while (ContinuationToken !== undefined)
    return keys.sort()
  }

  async remove(keys: readonly string[]): Promise<void> {
    for (let start = 0; start < keys.length; start += MOST_REMOVED) {
      const Objects = keys.slice(start, start + MOST_REMOVED).map(Key => ({ Key }))
      const { Errors = [] } = await this.#client.send(
        new DeleteObjectsCommand({ Bucket: this.#bucket, Delete: { Objects, Quiet: true } }),
      )
      const [first] = Errors
      if (first) throw new Error(`${Errors.length} objects stayed: ${first.Key} ${first.Code}`)
    }
  }

  #to(Key: string, ContentType: string) {
    return { Bucket: this.#bucket, Key, ContentType, ChecksumAlgorithm: 'SHA256' } as const
  }
}
