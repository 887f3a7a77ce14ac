import { randomBytes } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import { RandomIds } from '../../lambdas/adapters/system-chance.ts'
import { stepHandler } from '../../lambdas/runtime/step.ts'
import { loggerInto } from '../handlers/routes.ts'

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
          deep: { list: [token], [`a`]: { url: `https://x/decide/${token}` } },
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

  it('OPS-02 still says the ARN of a policy and the id of a request', () => {
    const arn = 'arn:aws:iam::111122223333:policy/lapse/grant/20270301T111500Z/01JQ0000000000000000000000'

    expect(logged(logger => logger.info(arn))).toContain(arn)
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
})
