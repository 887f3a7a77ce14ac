import { readdirSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import { type Resource, synthesized } from '../../support/synthesized.ts'

const { resources, bundles } = synthesized()
const ofType = (type: string): readonly Resource[] => resources.filter(resource => resource.type === type)
const functions = ofType('AWS::Lambda::Function')
/** Made only where the access file wants them; test/lib/stack/watch.test.ts has them. */
const WHERE_WANTED = new Set(['tell-chats', 'send-digest'])
const HANDLERS = new URL('../../../lambdas/handlers/', import.meta.url)
const KB = 1024
/**
 * The bundles above the limit, each with the KB it may not exceed; a new one is a decision. Those of a review render pages and CSV;
 * the others hold the clients of DynamoDB, of IAM, of SES, of S3, of CloudTrail and of KMS, which is what they are for.
 */
const LARGER: Readonly<Record<string, number>> = {
  'close-books': 545,
  'produce-review': 530,
  'rebuild-archive': 475,
  'seal-day': 435,
  'note-outside-change': 455,
  'read-reviews': 495,
  sweep: 515,
  'attach-policy': 475,
  'decide-by-link': 490,
  'decide-request': 520,
  'drain-grants': 495,
  'review-request': 465,
  'end-request': 470,
  'freeze-access': 475,
  'revoke-request': 470,
  'detach-policy': 455,
  'ask-approvers': 460,
  'cancel-request': 490,
  'open-review': 420,
  'climb-ladder': 420,
  'track-delivery': 465,
}

const [queue] = ofType('AWS::SQS::Queue')
const $target = z.object({ TargetArn: z.string() })
const $mode = z.object({ Mode: z.string() })

/** Ids of the functions that are started and not waited for: by schedules, a topic, rules, another function, CloudFormation. */
function unawaited(): ReadonlySet<string> {
  const invoking = ofType('AWS::Scheduler::Schedule').map(({ properties }) => JSON.stringify(properties.Target))
  const byFunctions = functions.map(({ properties }) => JSON.stringify(properties.Environment ?? {}))
  const byTopics = ofType('AWS::SNS::Subscription').map(({ properties }) => JSON.stringify(properties.Endpoint))
  const byRules = ofType('AWS::Events::Rule').map(({ properties }) => JSON.stringify(properties.Targets))
  const byStack = resources
    .filter(({ type }) => type.startsWith('Custom::'))
    .map(each => JSON.stringify(each.properties))
  const named = [...invoking, ...byFunctions, ...byTopics, ...byRules, ...byStack].join()
  return new Set(functions.map(({ id }) => id).filter(id => named.includes(`Lapse-${id}"`)))
}

function policyIdOf(construct: string): string {
  return resources.find(({ path }) => path === `${construct}/Policy`)?.id ?? 'none'
}

describe('every function', () => {
  it('OPS-01 is there for every handler, once', () => {
    const handlers = readdirSync(HANDLERS)

    expect(functions).toHaveLength(handlers.filter(handler => !WHERE_WANTED.has(handler)).length)
    expect(Object.keys(bundles).sort()).toEqual(handlers.sort())
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

  it('OPS-01 answers within the half minute that API Gateway waits, but what nobody waits for: the sweep, the drain, the making of a review, the sealing', () => {
    const slow = functions.filter(({ properties }) => Number(properties.Timeout) > 29)

    expect(slow.map(({ path }) => path).sort()).toEqual([
      'Archiving/RebuildArchive/Function',
      'Archiving/SealDay/Function',
      'Books/CloseBooks/Function',
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
      'sns.amazonaws.com lambda:InvokeFunction',
      'events.amazonaws.com lambda:InvokeFunction',
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

  it('END-03 has executions of its own, the removals most of all, and 100 or more stay free in an account of 400', () => {
    const reserved = functions.map(({ path, properties }) => ({
      path,
      executions: z.int().positive().parse(properties.ReservedConcurrentExecutions),
    }))
    const [most] = reserved.toSorted((a, b) => b.executions - a.executions)

    expect(most?.path).toBe('Elevation/Revoker/Function')
    expect(reserved.reduce((sum, { executions }) => sum + executions, 0)).toBeLessThanOrEqual(400)
  })

  it('END-03 leaves what it failed at in the queue if nobody waits for it, and only then', () => {
    const { DeadLetterQueues, Others } = Object.groupBy(functions, ({ properties }) =>
      properties.DeadLetterConfig ? 'DeadLetterQueues' : 'Others',
    )

    expect(DeadLetterQueues?.map(({ id }) => id).sort()).toEqual([...unawaited()].sort())
    expect(Others?.length).toBeGreaterThan(0)
    const targets = DeadLetterQueues?.map(({ properties }) => $target.parse(properties.DeadLetterConfig).TargetArn)
    expect([...new Set(targets)]).toEqual([`arn:aws:sqs:eu-west-1:111122223333:${queue?.id && `Lapse-${queue.id}`}`])
  })

  it('OPS-01 is traced, and the stage of the API, whose traces would hold the path, is not', () => {
    expect(functions.filter(({ properties }) => $mode.parse(properties.TracingConfig).Mode !== 'Active')).toEqual([])
    expect(ofType('AWS::ApiGateway::Stage').map(({ properties }) => properties.TracingEnabled ?? false)).toEqual([
      false,
    ])
  })

  it('OPS-01 is made after the permissions that Lambda asks of its role', () => {
    const { template } = synthesized()
    const dependsOn = (id: string) => z.array(z.string()).default([]).parse(template.Resources[id]?.DependsOn)
    const late = functions.filter(({ id }) => !dependsOn(id).some(name => name.startsWith('TracingPolicy')))
    const queueless = functions.filter(
      ({ id, path, properties }) =>
        properties.DeadLetterConfig && !dependsOn(id).includes(policyIdOf(path.replace(/\/Function$/, ''))),
    )

    expect([late, queueless]).toEqual([[], []])
  })

  it('OPS-01 has a bundle of at most 400 KB, or one of the larger ones with its own limit', () => {
    const tooLarge = Object.entries(bundles).filter(([name, bytes]) => bytes > (LARGER[name] ?? 400) * KB)
    const noLonger = Object.keys(LARGER).filter(name => (bundles[name] ?? 0) <= 400 * KB)

    expect(tooLarge).toEqual([])
    expect(noLonger).toEqual([])
  })
})

describe('the queue of failures', () => {
  it('END-03 is the only one, encrypted, reached over TLS, and keeps what it has for 14 days', () => {
    expect(ofType('AWS::SQS::Queue')).toHaveLength(1)
    expect(queue?.properties).toEqual({ MessageRetentionPeriod: 14 * 86_400, SqsManagedSseEnabled: true })
    expect(ofType('AWS::SQS::QueuePolicy').map(({ properties }) => properties.PolicyDocument)).toEqual([
      expect.objectContaining({
        Statement: [
          expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
          expect.objectContaining({
            Action: 'sqs:SendMessage',
            Principal: { Service: 'sns.amazonaws.com' },
            Condition: { ArnEquals: { 'aws:SourceArn': expect.stringContaining('MailFates') } },
          }),
          expect.objectContaining({
            Action: 'sqs:SendMessage',
            Principal: { Service: 'events.amazonaws.com' },
            Condition: { ArnEquals: { 'aws:SourceArn': expect.stringContaining('OutsideIamChanges') } },
          }),
        ],
      }),
    ])
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
