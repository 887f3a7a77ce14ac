import { createServer, type IncomingMessage, type Server } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { answerStack } from '../../lambdas/adapters/stack-answer.ts'

interface Got {
  readonly method: string | undefined
  readonly path: string | undefined
  readonly contentType: string | undefined
  readonly body: unknown
}

const got: Got[] = []
let status = 200
let server: Server
let ResponseURL = ''

/** The pre-signed address CloudFormation waits at. */
beforeAll(async () => {
  server = createServer(async (request: IncomingMessage, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(Buffer.from(chunk))
    const body: unknown = JSON.parse(Buffer.concat(chunks).toString())
    got.push({ method: request.method, path: request.url, contentType: request.headers['content-type'], body })
    response.writeHead(status).end()
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  ResponseURL = `http://127.0.0.1:${address.port}/answer?X-Amz-Signature=abc%2Fdef`
})

afterAll(() => new Promise(resolve => server.close(resolve)))

const asked = () => ({
  RequestType: 'Delete' as const,
  ResponseURL,
  StackId: 'arn:aws:cloudformation:eu-west-1:111122223333:stack/Lapse/1',
  RequestId: 'r-1',
  LogicalResourceId: 'Drain',
})

describe('the answer to CloudFormation', () => {
  it('END-07 is put where it waits, with no content type, which the signature does not cover', async () => {
    await answerStack({ ...asked(), PhysicalResourceId: 'given' }, { Status: 'FAILED', Reason: 'ä "quoted" reason' })

    expect(got.at(-1)).toEqual({
      method: 'PUT',
      path: '/answer?X-Amz-Signature=abc%2Fdef',
      contentType: '',
      body: {
        Status: 'FAILED',
        Reason: 'ä "quoted" reason',
        StackId: 'arn:aws:cloudformation:eu-west-1:111122223333:stack/Lapse/1',
        RequestId: 'r-1',
        LogicalResourceId: 'Drain',
        PhysicalResourceId: 'given',
      },
    })
  })

  it('END-07 names the resource itself when it is made, always the same, so that no update replaces it', async () => {
    await answerStack(asked(), { Status: 'SUCCESS', Reason: 'made' })

    expect(got.at(-1)?.body).toMatchObject({ PhysicalResourceId: 'lapse-drain' })
  })

  it.each([403, 500])('END-07 that is not taken (%d) is an error', async refusal => {
    status = refusal
    await expect(answerStack(asked(), { Status: 'SUCCESS', Reason: '' })).rejects.toThrow(
      `not take the answer: ${refusal}`,
    )
    status = 200
  })
})
