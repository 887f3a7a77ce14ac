import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DescribeTableCommand } from '@aws-sdk/client-dynamodb'
import { DeleteRolePolicyCommand, ListRolesCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam'
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda'
import { HeadBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { DescribeExecutionCommand, SFNClient } from '@aws-sdk/client-sfn'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { DynamoRequestStore } from '../../lambdas/adapters/dynamo-request-store.ts'
import { verifyChain } from '../../lambdas/domain/ledger.ts'
import { clientSettings } from '../../local/house.ts'
import { $RequestView } from '../support/api-answers.ts'
import { TEST_ACCESS_FILE } from '../support/deploy-once.ts'
import { OwnHouse } from '../support/own-house.ts'
import { until } from '../support/until.ts'

/** Fifty grants are asked for and approved; a drain that IAM refuses gives up after five rounds. */
jest.setTimeout(300_000)

const CREW = Array.from({ length: 10 }, (_, index) => `crew-${String(index + 1).padStart(2, '0')}`)
const FIFTY = 50
/** Browsers open at once. */
const AT_ONCE = 4
const DENIED = 'RemovalsDenied'

let own: OwnHouse
let grants: readonly { readonly requestId: string; readonly policyArn: string }[] = []
let waiting: readonly string[] = []
const settings = () => clientSettings(own.house.emulator)

beforeAll(async () => {
  own = await OwnHouse.start(folder => {
    const accessFile = join(folder, 'access.yaml')
    writeFileSync(accessFile, readFileSync(TEST_ACCESS_FILE, 'utf8').replaceAll('maximum: 1m }', 'maximum: 12h }'))
    return accessFile
  })
  grants = await fiftyGrants()
  const sandbox = { entitlement: 'sandbox-admin', reason: 'the machines of the sandbox hang' }
  waiting = [await asked('alice', sandbox), await asked('nora', sandbox)]
})

afterAll(async () => {
  await own?.stop()
})

async function fiftyGrants() {
  const people = Array.from({ length: FIFTY }, (_, index) => CREW[index % CREW.length] ?? '')
  const active: (typeof grants)[number][] = []
  const worker = async () => {
    const body = { entitlement: 'crew-read', reason: 'the shift begins', duration: 'PT1H' }
    for (let person = people.pop(); person !== undefined; person = people.pop())
      active.push(await own.active(person, body, 'grace@acme.example'))
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  return active
}

async function asked(person: string, body: object): Promise<string> {
  const { requestId } = $RequestView.parse(await own.call(person, 'POST', '/requests', body, 202))
  return requestId
}

/** Requests as the table has them, each with its whole chain. Works without the stack. */
function stored(requestIds: readonly string[]) {
  const store = new DynamoRequestStore(own.dynamo, own.house.tableName)
  return Promise.all(
    requestIds.map(async requestId => {
      const history = await store.history(requestId)
      if (!history) throw new Error(`request ${requestId} is not in the table`)
      return { ...history, chain: verifyChain(requestId, history.events).outcome }
    }),
  )
}

const storedGrants = () => stored(grants.map(({ requestId }) => requestId))

async function executionStatus(requestId: string): Promise<string | undefined> {
  const executionArn = `${own.house.stateMachineArn.replace(':stateMachine:', ':execution:')}:${requestId}`
  return (await new SFNClient(settings()).send(new DescribeExecutionCommand({ executionArn }))).status
}

async function drainRole(): Promise<string> {
  const { Roles = [] } = await own.iam.send(new ListRolesCommand({ PathPrefix: '/lapse/' }))
  return Roles.find(({ RoleName }) => RoleName?.includes('DrainGrants'))?.RoleName ?? ''
}

async function lapseFunctions(): Promise<number> {
  const { Functions = [] } = await new LambdaClient(settings()).send(new ListFunctionsCommand({}))
  return Functions.filter(({ Description }) => Description?.startsWith('Lapse: ')).length
}

/** Deletes the stack and gives how that ends. */
async function deletion(): Promise<string> {
  await own.cloudFormation({ Action: 'DeleteStack', StackName: 'Lapse' })
  return until('the deletion ends', 200, async () => {
    const description = await own.cloudFormation({ Action: 'DescribeStacks', StackName: 'Lapse' })
    const found = /<StackStatus>(\w+)<\/StackStatus>/.exec(description)?.[1] ?? 'GONE'
    return found === 'DELETE_IN_PROGRESS' ? undefined : found
  })
}

describe('a deletion of the stack', () => {
  it('END-07 FI-17: is refused while IAM refuses the removals, and fifty grants, the functions and the API are still there', async () => {
    const functions = await lapseFunctions()
    const RoleName = await drainRole()
    const Statement = [{ Effect: 'Deny', Action: ['iam:Detach*', 'iam:DeletePolicy'], Resource: '*' }]
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement })
    await own.iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: DENIED, PolicyDocument }))

    expect(await deletion()).toBe('DELETE_FAILED')

    const resources = await own.cloudFormation({ Action: 'DescribeStackResources', StackName: 'Lapse' })
    expect(/<ResourceStatusReason>(IAM still [^<]*)</.exec(resources)?.[1]).toMatch(
      /^IAM still has 50 of Lapse.*s policies, such as arn:.*\. Delete the stack again, or keep it/,
    )
    expect(await own.grantPolicies()).toEqual(new Map(grants.map(({ policyArn }) => [policyArn, 1])))
    expect(grants).toHaveLength(FIFTY)
    for (const { request, chain } of await storedGrants()) expect([request.status, chain]).toEqual(['ACTIVE', 'intact'])
    expect(functions).toBeGreaterThan(15)
    expect(await lapseFunctions()).toBe(functions)
    expect(await own.call('alice', 'GET', `/requests/${waiting[0]}`)).toMatchObject({ status: 'FAILED' })
  })

  it('END-07 FI-17: ends each of fifty live grants first, as frozen and with a receipt, and keeps the table and the buckets', async () => {
    await own.iam.send(new DeleteRolePolicyCommand({ RoleName: await drainRole(), PolicyName: DENIED }))

    expect(['DELETE_COMPLETE', 'GONE']).toContain(await deletion())

    expect(await own.grantPolicies()).toEqual(new Map())
    expect(await lapseFunctions()).toBe(0)
    for (const { request, chain, events } of await storedGrants()) {
      expect(request).toMatchObject({ status: 'ENDED', ending: { cause: 'frozen', receipt: { detached: 1 } } })
      expect([chain, events.at(-1)?.type]).toEqual(['intact', 'ended'])
    }
    const { Table } = await own.dynamo.send(new DescribeTableCommand({ TableName: own.house.tableName }))
    expect([Table?.TableStatus, Table?.DeletionProtectionEnabled]).toEqual(['ACTIVE', true])
    const s3 = new S3Client({ ...settings(), forcePathStyle: true })
    for (const Bucket of [own.house.archiveBucket, own.house.reportsBucket]) {
      await expect(s3.send(new HeadBucketCommand({ Bucket }))).resolves.toBeDefined()
    }
  })

  it('END-07 fails what nobody had answered, says why, and its execution is over', async () => {
    for (const { request, chain, events } of await stored(waiting)) {
      expect([request.status, chain]).toEqual(['FAILED', 'intact'])
      expect(events.at(-1)).toMatchObject({
        actor: { service: 'drain' },
        details: { why: 'the stack is being deleted' },
      })
      expect(await executionStatus(request.id)).toBe('SUCCEEDED')
    }
  })
})
