import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import { ACCESS_LEVELS, SENSITIVE_REASONS } from '../../../lambdas/domain/allowed-actions.ts'
import { render } from '../../../lambdas/domain/parameters.ts'
import { policyInWords } from '../../../lambdas/domain/policy-in-words.ts'
import { loadAccessFile } from '../../../lib/access-file/load.ts'
import { allowedActions } from '../../../lib/allowed-actions/allowed-actions.ts'

const ACCOUNT = '111122223333'
const $texts = z.array(z.string())
/** A key that is not known is an error, so a case with a typing error cannot pass by saying nothing. */
const $cases = z.array(
  z.strictObject({
    fact: z.string().regex(/^[A-Z]{3}-\d{2} /),
    statements: z.array(
      z.strictObject({
        actions: $texts,
        exceptActions: $texts.optional(),
        resources: $texts,
        exceptResources: $texts.optional(),
        conditions: z.record(z.string(), z.record(z.string(), z.union([z.string(), $texts]))).optional(),
      }),
    ),
    says: z.array(
      z.strictObject({
        text: z.string(),
        sensitive: z.enum(SENSITIVE_REASONS).optional(),
        level: z.enum(ACCESS_LEVELS).optional(),
      }),
    ),
  }),
)
const cases = $cases.parse(JSON.parse(readFileSync(new URL('./policy-words-cases.json', import.meta.url), 'utf8')))

describe('the table of policies in words', () => {
  for (const { fact, statements, says } of cases) {
    it(fact, () => {
      expect(policyInWords(allowedActions(statements), statements, ACCOUNT)).toEqual(says)
    })
  }

  it('REQ-09 tells what is sensitive before everything else', () => {
    for (const { statements } of cases) {
      const sensitive = policyInWords(allowedActions(statements), statements, ACCOUNT).map(each => each.sensitive)
      const firstPlain = sensitive.indexOf(undefined)

      expect(sensitive.slice(firstPlain).filter(reason => reason !== undefined)).toEqual([])
    }
  })
})

const { access } = loadAccessFile(fileURLToPath(new URL('../../../access.yaml', import.meta.url)))

describe('an entitlement of the demo in words', () => {
  it.each([
    {
      id: 'orders-read',
      says: [
        'Read in Amazon S3: get object. On acme-orders-2026/*.',
        'List in Amazon S3: list bucket. On acme-orders-2026.',
      ],
    },
    {
      id: 'table-repair',
      says: [
        'Sensitive in Amazon DynamoDB: delete item. This takes away what the end of the grant does not bring back. On table/acme-orders and table/acme-orders/index/* in any region and account.',
        'Write in Amazon DynamoDB: put item, update item and delete item. On table/acme-orders and table/acme-orders/index/* in any region and account.',
        'Read in Amazon DynamoDB: get item and query. On table/acme-orders and table/acme-orders/index/* in any region and account.',
      ],
    },
    {
      id: 'logs-read',
      says: [
        'Read in Amazon CloudWatch Logs: filter log events, get log events and start query. On log-group:/aws/lambda/acme-checkout and log-group:/aws/lambda/acme-checkout:* in any region and account.',
        'Read in Amazon CloudWatch Logs: get query results and stop query. On every resource.',
        'List in Amazon CloudWatch Logs: describe log streams. On log-group:/aws/lambda/acme-checkout and log-group:/aws/lambda/acme-checkout:* in any region and account.',
      ],
    },
    {
      id: 'sandbox-admin',
      says: [
        'Sensitive in Amazon EC2: terminate instances. This takes away what the end of the grant does not bring back. On instance/* in any region and account. Only when the resource is tagged environment = sandbox.',
        'Write in Amazon EC2: start instances, stop instances, reboot instances and terminate instances. On instance/* in any region and account. Only when the resource is tagged environment = sandbox.',
        'List in Amazon EC2: describe instances and describe instance status. On every resource.',
      ],
    },
  ])('REQ-09 says of $id what it allows', ({ id, says }) => {
    const entitlement = access.entitlements[id]
    if (!entitlement) throw new Error(`no entitlement ${id}`)
    const examples = Object.entries(entitlement.parameters).map(([name, { example }]) => [name, example])
    const rendering = render(entitlement, Object.fromEntries(examples))
    if (rendering.outcome === 'refused') throw new Error(rendering.detail)

    const said = policyInWords(entitlement.allows, rendering.statements, ACCOUNT)

    expect(said.map(({ text }) => text)).toEqual(says)
  })
})

describe('a policy nobody worked out', () => {
  it('REQ-09 is told by its own names, as of an unknown kind', () => {
    const statements = [
      { actions: ['s3:GetObject', 's3:Put*', 'sqs:SendMessage'], resources: ['arn:aws:s3:::acme/*'] },
      { actions: ['*'], resources: ['*'] },
    ]

    expect(policyInWords(undefined, statements, ACCOUNT).map(({ text }) => text)).toEqual([
      'Everything in AWS, also what AWS adds later. On every resource.',
      'Access of an unknown kind in s3: get object and Put*. Named by a wildcard: what AWS adds under it later is allowed too. On acme/*.',
      'Access of an unknown kind in sqs: send message. On acme/*.',
    ])
  })
})
