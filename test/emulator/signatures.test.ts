import { IAMClient, ListUsersCommand } from '@aws-sdk/client-iam'
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type BareEmulator, startBareEmulator } from '../support/bare-emulator.ts'

let emulator: BareEmulator

beforeAll(async () => {
  emulator = await startBareEmulator()
}, 30_000)

afterAll(() => emulator.stop())

const listUsersAs = (accessKeyId: string, secretAccessKey: string) =>
  new IAMClient(emulator.configFor({ accessKeyId, secretAccessKey })).send(new ListUsersCommand({}))

describe('a signature', () => {
  it('of the root is verified', async () => {
    const { accessKeyId, secretAccessKey } = emulator.rootCredentials

    await expect(listUsersAs(accessKeyId, secretAccessKey)).resolves.toBeDefined()
    await expect(listUsersAs(accessKeyId, 'guessed')).rejects.toMatchObject({ name: 'SignatureDoesNotMatch' })
  })

  it('of another account’s root is verified', async () => {
    await expect(listUsersAs('111122223333', 'guessed')).rejects.toMatchObject({ name: 'SignatureDoesNotMatch' })
  })

  it('of an unknown key is refused', async () => {
    await expect(listUsersAs('AKIAUNKNOWNUNKNOWN00', 'x')).rejects.toMatchObject({ name: 'InvalidClientTokenId' })
  })

  it('is needed', async () => {
    const response = await fetch(emulator.endpointUrl, {
      method: 'POST',
      body: new URLSearchParams({ Action: 'ListUsers', Version: '2010-05-08' }),
    })

    expect(response.status).toBe(403)
  })
})

describe('a presigned URL', () => {
  it('gives its object to whoever has it, unchanged, until it expires', async () => {
    const s3 = new S3Client(emulator.configFor(emulator.rootCredentials))
    await s3.send(new CreateBucketCommand({ Bucket: 'reports' }))
    await s3.send(
      new PutObjectCommand({
        Bucket: 'reports',
        Key: '2026-Q3/review.html',
        Body: '<p>review</p>',
        ContentType: 'text/html',
      }),
    )
    const url = await getSignedUrl(s3, new GetObjectCommand({ Bucket: 'reports', Key: '2026-Q3/review.html' }), {
      expiresIn: 1,
    })

    const response = await fetch(url)
    expect(await response.text()).toBe('<p>review</p>')
    expect(response.headers.get('content-type')).toBe('text/html')
    expect((await fetch(url.replace('review.html', 'other.html'))).status).toBe(403)

    await new Promise(resolve => setTimeout(resolve, 2100))
    expect((await fetch(url)).status).toBe(403)
  })
})
