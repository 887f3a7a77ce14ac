import { DescribeTableCommand, DynamoDBClient, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb'
import {
  CreatePolicyCommand,
  CreateUserCommand,
  DeletePolicyCommand,
  GetPolicyCommand,
  GetUserCommand,
  IAMClient,
  ListUsersCommand,
} from '@aws-sdk/client-iam'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { type FaultHouse, handsAt, startFaultHouse, TABLE } from '../support/fault-house.ts'
import { FAULTS, FaultProxy, type FaultProxyOptions } from '../support/fault-proxy.ts'
import type { ProxiedCall } from '../support/proxied-call.ts'

let house: FaultHouse
const applied: ProxiedCall[] = []
const proxies: FaultProxy[] = []

beforeAll(async () => {
  house = await startFaultHouse(1)
}, 90_000)

afterEach(() => Promise.all(proxies.splice(0).map(proxy => proxy.stop())))

afterAll(() => house.emulator.stop())

async function aProxy(share: number, kinds?: FaultProxyOptions['kinds'], seed = 1) {
  applied.length = 0
  const proxy = await FaultProxy.start({
    targetPort: house.emulator.port,
    seed,
    share,
    ...(kinds && { kinds }),
    onApplied: call => applied.push(call),
  })
  proxies.push(proxy)
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
  const config = { endpoint: proxy.endpoint, region: 'us-east-1', credentials, maxAttempts: 1 }
  return { proxy, config, iam: new IAMClient(config), dynamo: new DynamoDBClient(config) }
}

const nameOf = (call: Promise<unknown>) =>
  call.then(
    () => 'answered',
    (error: unknown) => (error instanceof Error ? error.name : 'unknown'),
  )

describe('the proxy', () => {
  it('passes requests so that the emulator verifies the signature of the proxy’s own host', async () => {
    const { config, iam } = await aProxy(0)
    const wrong = new IAMClient({ ...config, credentials: { accessKeyId: 'test', secretAccessKey: 'wrong' } })

    expect(await nameOf(iam.send(new ListUsersCommand({})))).toBe('answered')
    expect(await nameOf(wrong.send(new ListUsersCommand({})))).toMatch(/SignatureDoesNotMatch/)
    expect(await nameOf(iam.send(new GetUserCommand({ UserName: 'nobody' })))).toMatch(/^NoSuchEntity/)
    expect(applied.map(({ service, action }) => `${service} ${action}`)).toEqual(['iam ListUsers'])
  })

  it.each([
    ['throttle', 'Throttling', /^(?:ThrottlingException|ProvisionedThroughputExceededException)$/, 0],
    ['error', 'ServiceFailure', /^InternalServerError$/, 0],
    ['error-after', 'ServiceFailure', /^InternalServerError$/, 2],
    ['reset', 'Error', /^Error$/, 0],
    ['reset-after', 'Error', /^Error$/, 2],
  ] as const)('%s fails a call as AWS does', async (kind, ofIam, ofDynamo, times) => {
    const { proxy, iam, dynamo } = await aProxy(1, [kind])

    expect(await nameOf(iam.send(new ListUsersCommand({})))).toMatch(new RegExp(`^${ofIam}`))
    expect(await nameOf(dynamo.send(new DescribeTableCommand({ TableName: TABLE })))).toMatch(ofDynamo)
    expect(applied).toHaveLength(times)
    expect(proxy.counts).toEqual({ requests: 2, faults: 2, byKind: new Map([[kind, 2]]) })
  })

  it('late breaks the connection of a write, and carries it out in the end', async () => {
    const { proxy, iam } = await aProxy(1, ['late'])
    const UserName = 'comes-late'
    const seen = () => nameOf(house.direct.iam.send(new GetUserCommand({ UserName })))

    expect(await nameOf(iam.send(new CreateUserCommand({ UserName })))).toBe('Error')
    expect([await seen(), applied.length]).toEqual([expect.stringMatching(/^NoSuchEntity/), 0])
    await proxy.settle()

    expect([await seen(), applied.map(({ action }) => action)]).toEqual(['answered', ['CreateUser']])
  })

  it('ignored confirms a removal, and nothing is removed', async () => {
    const { iam } = await aProxy(1, ['ignored'])
    const Statement = [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }]
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement })
    const { Policy } = await house.direct.iam.send(new CreatePolicyCommand({ PolicyName: 'stays', PolicyDocument }))

    expect(await nameOf(iam.send(new DeletePolicyCommand({ PolicyArn: Policy?.Arn })))).toBe('answered')
    expect(await nameOf(house.direct.iam.send(new GetPolicyCommand({ PolicyArn: Policy?.Arn })))).toBe('answered')
  })

  it('forgotten says of a transaction that a condition of it does not hold', async () => {
    const { dynamo } = await aProxy(1, ['forgotten'])
    const TransactItems = [{ Put: { TableName: TABLE, Item: { pk: { S: 'a' }, sk: { S: 'a' } } } }]

    await expect(dynamo.send(new TransactWriteItemsCommand({ TransactItems }))).rejects.toMatchObject({
      name: 'TransactionCanceledException',
      CancellationReasons: [{ Code: 'ConditionalCheckFailed' }],
    })
    expect(applied).toEqual([])
  })

  it('is retried by the SDK, whose own retries see nothing of a single fault', async () => {
    const { proxy } = await aProxy(0.3, ['error', 'reset', 'reset-after'])
    const { iam } = handsAt(proxy.endpoint)
    let answered = 0
    for (let count = 0; count < 20; count += 1) {
      if ((await nameOf(iam.send(new ListUsersCommand({})))) === 'answered') answered += 1
    }

    expect(answered).toBeGreaterThanOrEqual(17)
    expect(proxy.counts.faults).toBeGreaterThan(3)
  })

  it('fails the same requests for the same seed, all kinds, and everything of a service that is away', async () => {
    const drawn: string[] = []
    for (let run = 0; run < 2; run += 1) {
      const { proxy, iam } = await aProxy(0.5, undefined, 7)
      const names: string[] = []
      for (let count = 0; count < 60; count += 1) names.push(await nameOf(iam.send(new ListUsersCommand({}))))
      drawn.push(names.join(' '))
      expect([...proxy.counts.byKind.keys()].sort()).toEqual([...FAULTS].sort())
    }
    const { proxy, iam, dynamo } = await aProxy(0)
    proxy.away('iam')
    const away = await nameOf(iam.send(new ListUsersCommand({})))
    const other = await nameOf(dynamo.send(new DescribeTableCommand({ TableName: TABLE })))
    proxy.back('iam')

    expect(drawn[0]).toBe(drawn[1])
    expect([away, other]).toEqual([expect.stringMatching(/^ServiceFailure/), 'answered'])
    expect(await nameOf(iam.send(new ListUsersCommand({})))).toBe('answered')
  })
})
