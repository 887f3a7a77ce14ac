import { readdirSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import { type Resource, synthesized } from '../../support/synthesized.ts'

const { resources, bundles } = synthesized()
const ofType = (type: string): readonly Resource[] => resources.filter(resource => resource.type === type)
const functions = ofType('AWS::Lambda::Function')
const HANDLERS = new URL('../../../lambdas/handlers/', import.meta.url)
const KB = 1024
/**
 * The bundles above the limit, each with the KB it may not exceed; a new one is a decision. Those of a review render pages and CSV;
 * the others hold the clients of DynamoDB, of IAM and of SES, which is what they are for.
 */
const LARGER: Readonly<Record<string, number>> = {
  'produce-review': 520,
  'read-reviews': 450,
  sweep: 490,
  'attach-policy': 440,
  'decide-by-link': 440,
  'drain-grants': 480,
  'end-request': 440,
  'freeze-access': 440,
  'revoke-request': 440,
  'detach-policy': 430,
  'ask-approvers': 420,
  'cancel-request': 420,
}

describe('every function', () => {
  it('OPS-01 is there for every handler, once', () => {
    expect(functions).toHaveLength(readdirSync(HANDLERS).length)
    expect(Object.keys(bundles).sort()).toEqual(readdirSync(HANDLERS).sort())
  })

  it.each(functions.map(({ path, properties }) => ({ path, properties })))(
    'OPS-01 $path runs Node 24 on ARM with a timeout, a role of its own and a log group of its own',
    ({ path, properties }) => {
      const own = path.replace(/\/Function$/, '')
      const idOf = (part: string) => resources.find(resource => resource.path === `${own}/${part}`)?.id

      expect(properties).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        Timeout: expect.any(Number),
        Role: `arn:aws:iam::111122223333:role/lapse/Lapse-${idOf('Role')}`,
        LoggingConfig: { LogGroup: `Lapse-${idOf('Logs')}` },
      })
    },
  )

  it('OPS-01 answers within the half minute that API Gateway waits, but what nobody waits for: the sweep, the drain, the making of a review', () => {
    const slow = functions.filter(({ properties }) => Number(properties.Timeout) > 29)

    expect(slow.map(({ path }) => path).sort()).toEqual([
      'Closing/Sweep/Function',
      'Drain/DrainGrants/Function',
      'Reviews/ProduceReview/Function',
    ])
  })

  it('AUD-07 finds no secret in its environment', () => {
    const $environment = z.object({ Variables: z.record(z.string(), z.string()) }).default({ Variables: {} })
    const names = functions.flatMap(({ properties }) =>
      Object.keys($environment.parse(properties.Environment).Variables),
    )

    expect(names.filter(name => /SECRET|PASSWORD|PRIVATE|CREDENTIAL|_KEY$/.test(name))).toEqual([])
  })

  it('GRA-08 is invoked only by what its permission names: never without SourceArn, never by a principal *', () => {
    const $permission = z.object({ Principal: z.string(), SourceArn: z.string().optional(), Action: z.string() })
    const permissions = ofType('AWS::Lambda::Permission').map(({ properties }) => $permission.parse(properties))

    expect(permissions.filter(({ SourceArn }) => !SourceArn)).toEqual([])
    expect([...new Set(permissions.map(({ Principal, Action }) => `${Principal} ${Action}`))]).toEqual([
      'apigateway.amazonaws.com lambda:InvokeFunction',
    ])
    expect(permissions.length).toBeGreaterThan(0)
  })

  it('GRA-08 that touches IAM is out of reach of API Gateway', () => {
    const $permission = z.object({ FunctionName: z.string() })
    const invoked = ofType('AWS::Lambda::Permission').map(
      ({ properties }) => $permission.parse(properties).FunctionName,
    )

    expect(
      invoked.filter(name => /Issuer|Applier|Revoker|ClimbLadder|AskApprovers|ProduceReview|Sweep/.test(name)),
    ).toEqual([])
  })

  it('OPS-01 has a bundle of at most 400 KB, or one of the larger ones with its own limit', () => {
    const tooLarge = Object.entries(bundles).filter(([name, bytes]) => bytes > (LARGER[name] ?? 400) * KB)
    const noLonger = Object.keys(LARGER).filter(name => (bundles[name] ?? 0) <= 400 * KB)

    expect(tooLarge).toEqual([])
    expect(noLonger).toEqual([])
  })
})

describe('every log group', () => {
  it.each(
    ofType('AWS::Logs::LogGroup').map(({ path, properties, deletionPolicy }) => ({ path, properties, deletionPolicy })),
  )('AUD-07 $path keeps its lines for a set time and outlives the stack', ({ properties, deletionPolicy }) => {
    expect(properties.RetentionInDays).toBeGreaterThanOrEqual(365)
    expect(deletionPolicy).toBe('Retain')
  })
})
