import { describe, expect, it } from '@jest/globals'
import { App, Stack } from 'aws-cdk-lib'
import { Annotations, Match } from 'aws-cdk-lib/assertions'
import { type TrailProps, toReadTrail } from '../../../lib/trail.ts'
import { concrete } from '../../support/concrete.ts'
import { $policy } from '../../support/template-policies.ts'
import { isAllowed } from '../../trust/ask.ts'

const ACCOUNT = '111122223333'
const trail = `s3://acme-trail/audit/AWSLogs/${ACCOUNT}/CloudTrail`
const FILE = 'arn:aws:s3:::acme-trail/audit/AWSLogs/111122223333/CloudTrail/eu-central-1/2027/03/01/x.json.gz'
const KEY = 'arn:aws:kms:eu-central-1:111122223333:key/0a1b'

/** What may be done by whoever is given what a stack in an account needs to read a trail. */
function given(props: TrailProps, account: string | undefined = ACCOUNT) {
  const app = new App()
  const stack = new Stack(app, 'Lapse', account === undefined ? {} : { env: { account, region: 'eu-central-1' } })
  const { environment, statements } = toReadTrail(stack, props)
  const errors = Annotations.fromStack(stack).findError('*', Match.anyValue())
  const Statement = statements.map(statement => JSON.parse(JSON.stringify(stack.resolve(statement.toStatementJson()))))
  const declared = { Policy: { Type: 'AWS::IAM::ManagedPolicy', Properties: { Version: '2012-10-17', Statement } } }
  const policy = $policy.parse(concrete(declared).Policy)
  const may = (action: string, resource: string, context = {}) =>
    isAllowed({ principal: `arn:aws:iam::${ACCOUNT}:role/books`, policies: { policy }, action, resource, context })
  return { environment, statements, may, errors: errors.map(({ entry }) => String(entry.data)) }
}

describe('the files of a trail', () => {
  it('AUD-04 are not looked for, and may not be read, where no trail is named', () => {
    const { environment, statements } = given({})

    expect([environment, statements]).toEqual([{ TRAIL: '' }, []])
  })

  it('AUD-04 may be found and read below their path alone, and nothing in the bucket be changed', async () => {
    const { environment, may, errors } = given({ trail })
    const listed = (prefix: string) => may('s3:ListBucket', 'arn:aws:s3:::acme-trail', { 's3:prefix': prefix })

    expect([environment, errors]).toEqual([{ TRAIL: trail }, []])
    expect(await may('s3:GetObject', FILE)).toBe(true)
    expect(await listed(`audit/AWSLogs/${ACCOUNT}/CloudTrail/eu-central-1/`)).toBe(true)
    expect(await listed('audit/AWSLogs/')).toBe(false)
    expect(await may('s3:GetObject', FILE.replace('CloudTrail', 'Config'))).toBe(false)
    for (const action of ['s3:PutObject', 's3:DeleteObject']) expect(await may(action, FILE)).toBe(false)
  })

  // The key's own policy decides too, so the simulation alone says no.
  it('AUD-04 may be decrypted with the one key that is named', () => {
    const { actions, resources } = given({ trail, trailKey: KEY }).statements.at(-1) ?? {}

    expect([actions, resources]).toEqual([['kms:Decrypt'], [KEY]])
  })

  it('AUD-04 of another account are an error at synth, which names both accounts', () => {
    expect(given({ trail }, '444455556666').errors).toEqual([
      `The trail's files at ${trail} are those of account 111122223333, and Lapse gives rights in 444455556666`,
    ])
    expect(given({ trail }, undefined).errors).toEqual([])
  })

  it.each([
    [{ trail: 'acme-trail' }, 'acme-trail names no files of a trail; it has to be s3://BUCKET/[PREFIX/]AWSLogs/'],
    [{ trailKey: KEY }, 'trailKey is given without trail: -c trail=s3://…'],
  ])('AUD-04 named wrongly are refused at synth, saying what would do: %j', (props, message) => {
    expect(() => given(props)).toThrow(message)
  })
})
