import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import {
  activityKey,
  findingKey,
  idempotencyKey,
  linkKey,
  taskTokenKey,
  watchKey,
} from '../../../lambdas/contract/keys.ts'
import { eventRow, requestRow } from '../../../lambdas/contract/rows.ts'
import type { Notify } from '../../../lambdas/domain/approval-rules.ts'
import { loadAccessFile } from '../../../lib/access-file/load.ts'
import { aHistory } from '../../support/a-history.ts'
import { aBatchOfChanges, type Change, expired } from '../../support/stream-batch.ts'
import { isShown } from '../../support/stream-filter.ts'
import { lapseApp } from '../../support/synthesize.ts'
import { $template, type Resource, resourcesOf, synthesized } from '../../support/synthesized.ts'

const ROOT = join(import.meta.dirname, '..', '..', '..')
const NOTIFY: Notify = {
  admins: 'daily',
  webhooks: [
    { name: 'security', kind: 'slack', secretName: 'lapse/security' },
    { name: 'ops', kind: 'teams', secretName: 'lapse/ops' },
  ],
}
const demo = loadAccessFile(join(ROOT, 'access.yaml'))
const { app, outdir } = lapseApp({ access: { ...demo.access, timezone: 'Europe/Berlin', notify: NOTIFY } })
const written: unknown = app.synth({ skipValidation: true }).getStackByName('Lapse').template
const told = resourcesOf($template.parse(written))
const plain = synthesized().resources

const ended = aHistory().approved().activated().ended()
const [event = { pk: '', sk: '' }] = ended.events.map(eventRow)
const closed = requestRow(ended.request)

afterAll(() => rmSync(outdir, { recursive: true, force: true }))

const $statements = z.object({
  PolicyDocument: z.object({
    Statement: z.array(
      z.object({
        Sid: z.string().optional(),
        Action: z.unknown(),
        Resource: z.unknown(),
        Condition: z.unknown().optional(),
      }),
    ),
  }),
})
const below = (resources: readonly Resource[], path: string) => resources.filter(each => each.path.startsWith(path))
const only = (resources: readonly Resource[], type: string) => resources.filter(each => each.type === type)
function statementsOf(resources: readonly Resource[], path: string) {
  const policy = resources.find(each => each.path === `${path}/Policy`)
  return $statements.parse(policy?.properties).PolicyDocument.Statement
}

describe('the watch', () => {
  const [source, ...others] = only(below(plain, 'Watch/'), 'AWS::Lambda::EventSourceMapping')

  it('NOT-04 tries ten times what fails, in halves, and leaves it in the queue', () => {
    expect(others).toEqual([])
    expect(source?.properties).toMatchObject({
      StartingPosition: 'TRIM_HORIZON',
      BisectBatchOnFunctionError: true,
      MaximumRetryAttempts: 10,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      DestinationConfig: { OnFailure: { Destination: expect.stringMatching(/:sqs:.*Failures/) } },
    })
  })

  it.each<[string, Change]>([
    ['a new event', { after: event }],
    ['an event that was changed', { before: event, after: { ...event, type: 'ended' } }],
    ['an event that was made another kind of row', { before: event, after: { ...event, kind: 'note' } }],
    ['an event that was deleted', { before: event }],
    ['a request that was changed', { before: closed, after: { ...closed, reason: 'none' } }],
    ['a request that was deleted', { before: closed }],
  ])('NOT-04 AUD-02 is shown %s', (_, change) => {
    const [record] = aBatchOfChanges([change]).Records

    expect(isShown(source?.properties.FilterCriteria, record)).toBe(true)
  })

  it('NOT-04 AUD-02 is shown an event whose time to live was over', () => {
    const [record] = expired(event).Records

    expect(isShown(source?.properties.FilterCriteria, record)).toBe(true)
  })

  it.each([
    ['a link', linkKey('x')],
    ['what was done with a grant', activityKey('x')],
    ['what is known of a person', watchKey('alice')],
    ['a finding', findingKey('x')],
    ['a task token', taskTokenKey('x')],
    ['an idempotency key that leaves by its time to live', idempotencyKey('alice', 'EVENT#1')],
  ])('NOT-04 is not shown %s', (_, key) => {
    const changes = [{ after: key }, { before: key, after: { ...key, state: 'used' } }, { before: key }]

    for (const record of aBatchOfChanges(changes).Records) {
      expect(isShown(source?.properties.FilterCriteria, record)).toBe(false)
    }
  })

  it('NOT-04 ANO-05 may put events on its own bus, and write findings and what is known of people, and no other row', () => {
    const statements = statementsOf(plain, 'Watch/WatchEvents')
    const actions = statements.flatMap(({ Action }) => z.union([z.string(), z.array(z.string())]).parse(Action))

    expect(statements.find(({ Sid }) => Sid === 'PutEventsOnTheBus')?.Resource).toMatch(/:event-bus\//)
    const writing = statements.filter(({ Action }) => /dynamodb:(?:Put|Update)/.test(JSON.stringify(Action)))
    expect(writing.map(({ Condition }) => Condition)).toEqual([
      { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['FINDING#*', 'WATCH#*'] } },
    ])
    expect(actions.filter(action => /^dynamodb:(?:Delete|BatchWrite)|^(?:iam|states|ses):/.test(action))).toEqual([])
    const sids = statements.map(({ Sid }) => Sid)
    expect(new Set(sids).size).toBe(sids.length)
  })

  it('NOT-04 NOT-03 costs nothing more where no chat and no digest is wanted', () => {
    expect(plain.filter(({ path }) => /^Watch\/(?:Chats|Digest)/.test(path))).toEqual([])
    expect(only(below(plain, 'Watch/'), 'AWS::Events::Rule')).toEqual([])
  })

  it('NOT-04 outlives the drain, whose events are told too', () => {
    const { template } = synthesized()
    const drain = plain.find(({ type }) => type === 'Custom::LapseDrain')
    const dependsOn = z.array(z.string()).parse(template.Resources[drain?.id ?? '']?.DependsOn)

    for (const { id } of only(below(plain, 'Watch/'), 'AWS::Lambda::EventSourceMapping'))
      expect(dependsOn).toContain(id)
  })
})

describe('each chat', () => {
  const rules = only(below(told, 'Watch/Chats'), 'AWS::Events::Rule')

  it('NOT-04 has a rule of its own on the bus, for what chats are told of', () => {
    expect(rules.map(({ path }) => path).sort()).toEqual(['Watch/Chats/To-ops', 'Watch/Chats/To-security'])
    for (const { properties } of rules) {
      expect(properties.EventPattern).toEqual({
        source: ['lapse'],
        detail: { type: ['activated', 'failed', 'denied', 'unanswered', 'drift-removed'] },
      })
      expect(JSON.stringify(properties.Targets)).toMatch(/"DeadLetterConfig":\{"Arn":"arn:aws:sqs:[^"]*Failures/)
    }
  })

  it('NOT-04 hands its name and the event to the function', () => {
    const inputs = rules.map(({ properties }) => JSON.stringify(properties.Targets))

    expect(inputs.join()).toContain('{\\"webhook\\":\\"security\\",\\"event\\":<detail>}')
    expect(inputs.join()).toContain('{\\"webhook\\":\\"ops\\",\\"event\\":<detail>}')
  })

  it('NOT-04 costs the function the secrets of the chats, and no other permission', () => {
    const statements = statementsOf(told, 'Watch/Chats/TellChats')

    expect(statements.map(({ Sid }) => Sid)).toEqual(['WriteItsLog', 'ReadItsUrls', 'ReportItsFailures'])
    expect(statements[1]?.Resource).toEqual([
      'arn:aws:secretsmanager:eu-west-1:111122223333:secret:lapse/ops-??????',
      'arn:aws:secretsmanager:eu-west-1:111122223333:secret:lapse/security-??????',
    ])
  })
})

describe('the digest', () => {
  it('NOT-03 goes out at eight in the morning of the organisation, one run at a time', () => {
    const [schedule] = only(below(told, 'Watch/Digest'), 'AWS::Scheduler::Schedule')
    const [send] = only(below(told, 'Watch/Digest'), 'AWS::Lambda::Function')

    expect(schedule?.properties).toMatchObject({
      ScheduleExpression: 'cron(0 8 * * ? *)',
      ScheduleExpressionTimezone: 'Europe/Berlin',
    })
    expect(send?.properties).toMatchObject({
      ReservedConcurrentExecutions: 1,
      DeadLetterConfig: { TargetArn: expect.stringMatching(/:sqs:/) },
    })
  })

  it('NOT-03 may write down how far it is, and no request', () => {
    const statements = statementsOf(told, 'Watch/Digest/SendDigest')
    const writing = z
      .object({ Condition: z.unknown() })
      .loose()
      .parse(
        z
          .object({ PolicyDocument: z.object({ Statement: z.array(z.unknown()) }) })
          .parse(told.find(({ path }) => path === 'Watch/Digest/SendDigest/Policy')?.properties)
          .PolicyDocument.Statement.find(each => JSON.stringify(each).includes('dynamodb:PutItem')),
      )

    expect(JSON.stringify(writing.Condition)).toBe('{"ForAllValues:StringLike":{"dynamodb:LeadingKeys":["DIGEST"]}}')
    expect(statements.map(({ Sid }) => Sid)).toContain('SendMailAsLapse')
  })
})
