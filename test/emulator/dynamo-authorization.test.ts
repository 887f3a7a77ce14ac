import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { CreateAccessKeyCommand, CreateUserCommand, PutUserPolicyCommand } from '@aws-sdk/client-iam'
import {
  BatchGetCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
} from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type BareEmulator, startBareEmulator } from '../support/bare-emulator.ts'
import { createStack } from '../support/cloudformation-stack.ts'

const TableName = 'rows'
const arn = `arn:aws:dynamodb:us-east-1:000000000000:table/${TableName}`
const ofRequests = { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['REQUEST#*'] } }
const DENIED = { name: 'AccessDeniedException' }

let emulator: BareEmulator
let clerk: DynamoDBDocumentClient

beforeAll(async () => {
  emulator = await startBareEmulator()
  const keys = (pk: string, sk: string) => [
    { AttributeName: pk, KeyType: 'HASH' },
    { AttributeName: sk, KeyType: 'RANGE' },
  ]
  await createStack(emulator, 'table', {
    Table: {
      Type: 'AWS::DynamoDB::Table',
      Properties: {
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: keys('pk', 'sk'),
        AttributeDefinitions: ['pk', 'sk', 'open'].map(AttributeName => ({ AttributeName, AttributeType: 'S' })),
        GlobalSecondaryIndexes: [
          { IndexName: 'byOpen', KeySchema: keys('open', 'pk'), Projection: { ProjectionType: 'ALL' } },
        ],
      },
    },
  })
  clerk = await someoneWho(
    {
      Effect: 'Allow',
      Action: ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:PutItem', 'dynamodb:Query'],
      Resource: arn,
      Condition: ofRequests,
    },
    { Effect: 'Allow', Action: 'dynamodb:Query', Resource: `${arn}/index/byOpen` },
  )
}, 30_000)

afterAll(() => emulator.stop())

async function someoneWho(...Statement: object[]): Promise<DynamoDBDocumentClient> {
  await emulator.iam.send(new CreateUserCommand({ UserName: 'clerk' }))
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement })
  await emulator.iam.send(new PutUserPolicyCommand({ UserName: 'clerk', PolicyName: 'rows', PolicyDocument }))
  const { AccessKey } = await emulator.iam.send(new CreateAccessKeyCommand({ UserName: 'clerk' }))
  const keys = { accessKeyId: AccessKey?.AccessKeyId ?? '', secretAccessKey: AccessKey?.SecretAccessKey ?? '' }
  return DynamoDBDocumentClient.from(new DynamoDBClient(emulator.configFor(keys)))
}

const key = (pk: string) => ({ pk, sk: 'ROW' })
const put = (pk: string) => ({ Put: { TableName, Item: key(pk) } })

describe('a policy that names the leading keys', () => {
  it('lets through what is under them, one by one, together and by query', async () => {
    await clerk.send(new PutCommand({ TableName, Item: key('REQUEST#1') }))
    await clerk.send(new TransactWriteCommand({ TransactItems: [put('REQUEST#2'), put('REQUEST#3')] }))

    const one = await clerk.send(new GetCommand({ TableName, Key: key('REQUEST#1') }))
    const batch = await clerk.send(new BatchGetCommand({ RequestItems: { [TableName]: { Keys: [key('REQUEST#2')] } } }))
    const queried = await clerk.send(query('REQUEST#3'))

    expect([one.Item, batch.Responses?.[TableName], queried.Items]).toEqual([
      key('REQUEST#1'),
      [key('REQUEST#2')],
      [key('REQUEST#3')],
    ])
  })

  it.each([
    ['an item', () => new PutCommand({ TableName, Item: key('LINK#1') })],
    ['an item to read', () => new GetCommand({ TableName, Key: key('TASK#1') })],
    ['a query', () => query('LINK#1')],
  ])('refuses %s under another', async (_, command) => {
    await expect(send(command())).rejects.toMatchObject(DENIED)
  })

  it('refuses a transaction or batch of which one item is under another', async () => {
    const transaction = new TransactWriteCommand({ TransactItems: [put('REQUEST#4'), put('LINK#4')] })
    const batch = new BatchGetCommand({ RequestItems: { [TableName]: { Keys: [key('REQUEST#1'), key('TASK#1')] } } })

    await expect(clerk.send(transaction)).rejects.toMatchObject(DENIED)
    await expect(clerk.send(batch)).rejects.toMatchObject(DENIED)
    expect((await clerk.send(new GetCommand({ TableName, Key: key('REQUEST#4') }))).Item).toBeUndefined()
  })

  it('leaves an index to the statement that names it', async () => {
    const found = await clerk.send(
      new QueryCommand({
        TableName,
        IndexName: 'byOpen',
        KeyConditionExpression: '#open = :open',
        ExpressionAttributeNames: { '#open': 'open' },
        ExpressionAttributeValues: { ':open': 'OPEN' },
      }),
    )

    expect(found.Items).toEqual([])
  })
})

function query(pk: string): QueryCommand {
  return new QueryCommand({
    TableName,
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': pk },
  })
}

function send(command: PutCommand | GetCommand | QueryCommand): Promise<unknown> {
  if (command instanceof PutCommand) return clerk.send(command)
  if (command instanceof GetCommand) return clerk.send(command)
  return clerk.send(command)
}
