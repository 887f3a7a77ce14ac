import { randomBytes } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import { RandomIds } from '../../lambdas/adapters/system-chance.ts'
import { stepHandler } from '../../lambdas/runtime/step.ts'
import { loggerInto } from '../handlers/routes.ts'
import { codeOf, repositoryFiles } from '../support/source-files.ts'

/** How Step Functions makes its tokens: base64 of some 600 bytes. */
const aTaskToken = () => randomBytes(600).toString('base64')

function logged(write: (logger: ReturnType<typeof loggerInto>) => void): string {
  const lines: string[] = []
  write(loggerInto(lines))
  expect(lines.length).toBeGreaterThan(0)
  for (const line of lines) expect(() => JSON.parse(line)).not.toThrow()
  return lines.join('')
}

describe('a log line', () => {
  it('AUD-07 never has an approval token, wherever it stands', () => {
    for (let round = 0; round < 50; round += 1) {
      const token = new RandomIds().linkToken()
      const line = logged(logger => {
        logger.info(`GET /decide/${token}`)
        logger.info('called', {
          path: `/decide/${token}?x`,
          deep: { list: [token], a: { url: `https://x/decide/${token}` } },
        })
        logger.error('failed', new Error(`no link ${token}`, { cause: new Error(`cause ${token}`) }))
        logger.error('failed', { error: new Error(`no link ${token}`) })
        logger.appendKeys({ path: token })
        logger.warn('appended')
      })

      expect(line).not.toContain(token)
      expect(line).toContain('[redacted]')
    }
  })

  it('AUD-07 never has a code or a token by its name', () => {
    const line = logged(logger => {
      logger.info('form', { code: '123456', token: 'short', taskToken: 'AQB8=', authorization: 'AWS4-HMAC-SHA256 x' })
      logger.info('deep', { form: { code: '123456' }, list: [{ code: 123456 }] })
    })

    for (const secret of ['123456', 'short', 'AQB8', 'AWS4']) expect(line).not.toContain(secret)
  })

  it('AUD-07 never has a header that signs, however it is spelled', () => {
    const line = logged(logger => {
      logger.info('call', {
        headers: { Authorization: 'AWS4-HMAC-SHA256 Credential=AKIA/x', 'X-Amz-Security-Token': 'short-token' },
      })
    })

    for (const secret of ['AKIA', 'short-token']) expect(line).not.toContain(secret)
  })

  it('AUD-07 never has a recognisable part of a task token in a message', () => {
    for (let round = 0; round < 50; round += 1) {
      const token = aTaskToken()
      const line = logged(logger =>
        logger.error('failed', new Error(`Task Timed Out: Provided task does not exist anymore: ${token}`)),
      )

      const parts = token.split(/[+/=]/).filter(part => part.length >= 20)
      expect(parts.filter(part => line.includes(part))).toEqual([])
    }
  })

  it.each([
    ['a form', 'decision=approve&code=271828&comment='],
    ['an escaped form', 'decision%3Dapprove%26code%3D271828'],
    ['JSON in a message', 'body {"decision":"approve","code":"271828"} refused'],
    ['JSON in JSON', JSON.stringify({ body: JSON.stringify({ code: '271828' }) })],
    ['prose', 'the code 271828 is wrong; Code: 271828; the code is 271828'],
  ])('AUD-07 never has a code that is called one, in %s', (_, text) => {
    const line = logged(logger => {
      logger.info(text)
      logger.error('failed', new Error(text, { cause: new AggregateError([new Error(text)], text) }))
      logger.info('list', { deep: [[{ text }], new Error(text)] })
    })

    expect(line).not.toContain('271828')
    expect(line).toContain('[redacted]')
  })

  it.each([
    [
      'an Authorization header',
      'Authorization: AWS4-HMAC-SHA256 Credential=AKIAX/20270301/us-east-1, Signature=5ec4e7',
    ],
    ['an Authorization header as JSON', '{"authorization":"AWS4-HMAC-SHA256 Credential=AKIAX/2, Signature=5ec4e7"}'],
    ['a bearer', 'called with Bearer 5ec4e7'],
    [
      'a presigned address',
      'https://b.s3.amazonaws.com/k?X-Amz-Credential=AKIAX%2F2&X-Amz-Signature=5ec4e7&X-Amz-Expires=60',
    ],
    ['the token of a session', 'GET /k?X-Amz-Security-Token=5ec4e7%2BAKIAX%3D&x=1'],
    ['a header in JSON in JSON', JSON.stringify({ sent: JSON.stringify({ 'x-amz-security-token': '5ec4e7' }) })],
    ['a short task token', 'SendTaskSuccess {"taskToken": "5ec4e7", "output": "{}"}'],
    ['a secret key', '{"secretAccessKey":"5ec4e7","sessionToken":"5ec4e7"}'],
    ['an environment', 'AWS_SECRET_ACCESS_KEY=5ec4e7 AWS_SESSION_TOKEN=5ec4e7'],
    ['a profile', 'aws_secret_access_key = 5ec4e7'],
  ])('AUD-07 never has what signs, in %s', (_, text) => {
    const line = logged(logger => {
      logger.info(text)
      logger.error(text, new Error(text, { cause: new Error(text) }))
      logger.warn('list', { deep: { list: [text, { url: text }] } })
    })

    for (const secret of ['5ec4e7', 'AKIAX']) expect(line).not.toContain(secret)
  })

  it('AUD-07 never has a secret as a name, in what an error carries or as bytes', () => {
    const token = new RandomIds().linkToken()
    const carrying = Object.assign(new Error('refused'), { $response: { request: { path: `/decide/${token}` } } })

    const line = logged(logger => {
      logger.info('names', { rows: { [token]: 'kept' }, still: 'here' })
      logger.error('carried', { error: carrying, cause: { inner: [carrying] } })
      logger.info('bytes', { body: Buffer.from(token), view: new TextEncoder().encode(token) })
    })

    expect(line).not.toContain(token)
    expect(line).not.toContain([...Buffer.from(token)].slice(0, 8).join(','))
    expect(line).toContain('"still":"here"')
  })

  it('AUD-07 never has a token escaped for an address', () => {
    const token = aTaskToken()

    const line = logged(logger => logger.info(`taken: ${encodeURIComponent(token)}`))

    const parts = token.split(/[+/=]/).filter(part => part.length >= 20)
    expect(parts.filter(part => line.includes(part))).toEqual([])
  })

  it('OPS-02 still says by which code a call failed', () => {
    const line = logged(logger => {
      logger.error('reset', { error: Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }) })
      logger.error('refused', {
        cause: { Code: 'AccessDenied' },
        form: { code: 'abc123' },
        list: [{ code: 'x-271828' }],
      })
    })

    for (const code of ['ECONNRESET', 'AccessDenied']) expect(line).toContain(code)
    for (const secret of ['abc123', '271828']) expect(line).not.toContain(secret)
  })

  it('OPS-02 still says the ARN of a policy and the id of a request', () => {
    const arn = 'arn:aws:iam::111122223333:policy/lapse/grant/20270301T111500Z/01JQ0000000000000000000000'

    expect(logged(logger => logger.info(arn))).toContain(arn)
  })

  it.each([
    'arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_AdministratorAccess_0123456789abcdef',
    'arn:aws:sts::111122223333:assumed-role/Lapse-ArchivingSealDayRoleDefault6F2A1B3C-aBcDeFgHiJkL/Lapse-ArchivingSealDayFunction6F2A1B3C-aBcDeFgHiJkL',
    'arn:aws:lambda:eu-central-1:111122223333:function:Lapse-OutsideNoteOutsideChangeFunction6F2A1B3C-aBcDeFg',
    'arn:aws-us-gov:s3:::lapse-archivingstagingbucket6f2a1b3c-abcdefghijkl',
  ])('OPS-02 still says who was refused what: %s', arn => {
    const text = `User: ${arn} is not authorized to perform: s3:PutObject on resource: "${arn}"`

    const line = logged(logger => {
      logger.error('refused', new Error(text))
      logger.warn('somebody changed what Lapse manages', { by: arn })
    })

    expect(line).toContain(JSON.stringify(text))
    expect(line).toContain(JSON.stringify(arn))
  })

  it.each([
    'execute-api:eu-central-1:111122223333:api/prod/GET/decide/',
    's3:::bucket/',
    's3:::bucket?',
    'iam::1:role/x ',
  ])('AUD-07 never has a token behind the ARN %s', before => {
    const token = new RandomIds().linkToken()

    expect(logged(logger => logger.info(`arn:aws:${before}${token}`))).not.toContain(token)
  })
})

describe('a step', () => {
  it('END-03 that fails is logged with its cause and thrown on under its name, for the state machine to route', async () => {
    const lines: string[] = []
    class OwnError extends Error {
      override readonly name = 'OwnError'
    }
    const handler: unknown = stepHandler(() => Promise.reject(new OwnError('not today')), loggerInto(lines))
    if (typeof handler !== 'function') throw new Error('no handler')

    await expect(handler({}, { getRemainingTimeInMillis: () => 3000 })).rejects.toMatchObject({ name: 'OwnError' })

    expect(lines.join('')).toContain('not today')
  })

  it('AUD-07 throws its error on under its name and without secrets, for Lambda logs it and Step Functions keeps it', async () => {
    const lines: string[] = []
    const token = aTaskToken()
    class OwnError extends Error {
      override readonly name = 'OwnError'
    }
    const errors = [new OwnError(`not ${token}`), new DOMException(`not ${token}`, 'AbortError')]

    for (const error of errors) {
      const handler: unknown = stepHandler(() => Promise.reject(error), loggerInto(lines))
      if (typeof handler !== 'function') throw new Error('no handler')
      const thrown: unknown = await handler({}, { getRemainingTimeInMillis: () => 3000 }).catch((one: unknown) => one)

      expect(thrown).toBe(error)
      expect(error.name).toMatch(/^(?:OwnError|AbortError)$/)
      expect(error.message).toBe('not [redacted]')
      expect(error.stack).not.toContain(token.slice(0, 40))
    }
  })
})

describe('every function', () => {
  const files = repositoryFiles().filter(({ path }) => path.startsWith('lambdas/'))
  const indexes = files.filter(({ path }) => /^lambdas\/handlers\/[^/]+\/index\.ts$/.test(path))

  it('AUD-07 is wrapped, with the logger that leaves secrets out', () => {
    const wrapped =
      /^export const handler = (?:api|page|step)Handler\([\s\S]*?,\s*(?:logger|createLogger\('([a-z-]+)'\)),?\s*\)$/m
    const without = indexes.filter(
      ({ text }) => !wrapped.test(text) || !text.includes("from '../../runtime/logger.ts'"),
    )

    expect(indexes.length).toBeGreaterThan(30)
    expect(without.map(({ path }) => path)).toEqual([])
  })

  it('AUD-07 has no other way to a log', () => {
    const another =
      /\bnew Logger\(|\bconsole\s*\.|\bprocess\.(?:stdout|stderr|emitWarning)|from 'node:(?:console|util)'/
    const found = files.filter(file => another.test(codeOf(file))).map(({ path }) => path)

    expect(found).toEqual(['lambdas/runtime/logger.ts'])
  })
})
