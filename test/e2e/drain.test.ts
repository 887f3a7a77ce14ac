import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { DescribeTableCommand } from '@aws-sdk/client-dynamodb'
import { DeleteRolePolicyCommand, ListRolesCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam'
import { InvokeCommand, LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda'
import { HeadBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { GetExecutionHistoryCommand, SFNClient } from '@aws-sdk/client-sfn'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { DynamoRequestStore } from '../../lambdas/adapters/dynamo-request-store.ts'
import { verifyChain } from '../../lambdas/domain/ledger.ts'
import { deployApp } from '../../local/deploy.ts'
import { clientSettings } from '../../local/house.ts'
import { TEST_ACCESS_FILE } from '../support/deploy-once.ts'
import { OwnHouse } from '../support/own-house.ts'
import { until } from '../support/until.ts'

/** A drain that IAM refuses gives up after ten rounds, five seconds apart. */
jest.setTimeout(180_000)

const SANDBOX = { entitlement: 'sandbox-admin', reason: 'the machines of the sandbox hang' }
const DANA = 'dana@acme.example'
const PEOPLE = ['bob', 'nora', 'ruth', 'petra'] as const
const DENIED = 'RemovalsDenied'

let own: OwnHouse
let accessFile = ''
let grants: readonly { readonly requestId: string; readonly policyArn: string }[] = []
const settings = () => clientSettings(own.house.emulator)

beforeAll(async () => {
  own = await OwnHouse.start(folder => {
    accessFile = join(folder, 'access.yaml')
    writeFileSync(accessFile, readFileSync(TEST_ACCESS_FILE, 'utf8'))
    return accessFile
  })
})

afterAll(async () => {
  await own?.stop()
})

/** The requests of the grants as the table has them, each with its whole chain. Works without the stack. */
function stored() {
  const store = new DynamoRequestStore(own.dynamo, own.house.tableName)
  return Promise.all(
    grants.map(async ({ requestId }) => {
      const history = await store.history(requestId)
      if (!history) throw new Error(`request ${requestId} is not in the table`)
      return { ...history, chain: verifyChain(requestId, history.events).outcome }
    }),
  )
}

/** The versions of Lapse's functions that the execution of a request has called. */
async function versionsCalled(requestId: string): Promise<readonly string[]> {
  const executionArn = `${own.house.stateMachineArn.replace(':stateMachine:', ':execution:')}:${requestId}`
  const history = await new SFNClient(settings()).send(
    new GetExecutionHistoryCommand({ executionArn, maxResults: 1000 }),
  )
  const called = JSON.stringify(history.events).matchAll(/:function:Lapse-[\w-]+:(\d+|\$LATEST)/g)
  return [...new Set([...called].map(match => match[1] ?? ''))]
}

async function drainRole(): Promise<string> {
  const { Roles = [] } = await own.iam.send(new ListRolesCommand({ PathPrefix: '/lapse/' }))
  return Roles.find(({ RoleName }) => RoleName?.includes('DrainGrants'))?.RoleName ?? ''
}

/** Tells the deployed drain that the stack is being deleted, and gives what it puts where CloudFormation waits. */
async function toldToDrain(): Promise<unknown> {
  const answers: unknown[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(Buffer.from(chunk))
    answers.push(JSON.parse(Buffer.concat(chunks).toString()))
    response.end()
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = address !== null && typeof address === 'object' ? address.port : 0
  const event = {
    RequestType: 'Delete',
    ResponseURL: `http://127.0.0.1:${port}/`,
    StackId: 'arn:aws:cloudformation:us-east-1:000000000000:stack/Lapse/1',
    RequestId: 'r-1',
    LogicalResourceId: 'DrainResource',
    PhysicalResourceId: 'lapse-drain',
  }
  const lambda = new LambdaClient(settings())
  const { Functions = [] } = await lambda.send(new ListFunctionsCommand({}))
  const FunctionName = Functions.find(({ Description }) =>
    Description?.includes('before the stack is deleted'),
  )?.FunctionName
  await lambda.send(new InvokeCommand({ FunctionName, Payload: JSON.stringify(event) }))
  await new Promise(resolve => server.close(resolve))
  expect(answers).toHaveLength(1)
  return answers[0]
}

describe('a deployment while a grant lives', () => {
  it('END-07 changes the access file and leaves the grant, which ends on time by the code it began with', async () => {
    const { requestId, policyArn, notAfter } = await own.active('alice', { ...SANDBOX, duration: 'PT45S' }, DANA)
    writeFileSync(
      accessFile,
      readFileSync(accessFile, 'utf8').replace('Run the machines of the sandbox', 'Run the sandbox, renamed'),
    )

    await deployApp({
      emulator: own.house.emulator,
      accessFile,
      context: { publicUrl: own.house.apiUrl, tags: 'ms-custom-id=lapse' },
      log: () => {},
      outputFolder: join(accessFile, '..', 'redeploy'),
    })

    expect(JSON.stringify(await own.call('alice', 'GET', '/entitlements'))).toContain('Run the sandbox, renamed')
    expect(new Date() < notAfter).toBe(true)
    expect((await own.grantPolicies()).get(policyArn)).toBe(1)
    const { endCause, receipt } = await own.untilStatus('alice', requestId, 'ENDED', 60)
    expect(endCause).toBe('expired')
    const late = (receipt?.verifiedAt.getTime() ?? Infinity) - notAfter.getTime()
    expect([late >= 0, late <= 10_000]).toEqual([true, true])
    expect(await versionsCalled(requestId)).toEqual(['1'])
    expect(await own.grantPolicies()).toEqual(new Map())
  })
})

describe('a deletion of the stack', () => {
  beforeAll(async () => {
    grants = await Promise.all(PEOPLE.map(person => own.active(person, { ...SANDBOX, duration: 'PT1H' }, DANA)))
  })

  it('END-07 is told FAILED while IAM refuses the removals, and every grant, request and policy is still there', async () => {
    const RoleName = await drainRole()
    const Statement = [{ Effect: 'Deny', Action: ['iam:Detach*', 'iam:DeletePolicy'], Resource: '*' }]
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement })
    await own.iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: DENIED, PolicyDocument }))

    expect(await toldToDrain()).toMatchObject({
      Status: 'FAILED',
      Reason: expect.stringMatching(
        /^IAM still has 4 of Lapse's policies, such as arn:.*\. Delete the stack again, or keep it/,
      ),
    })

    expect(await own.grantPolicies()).toEqual(new Map(grants.map(({ policyArn }) => [policyArn, 1])))
    for (const { request, chain } of await stored()) expect([request.status, chain]).toEqual(['ACTIVE', 'intact'])
    await own.iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: DENIED }))
  })

  it('END-07 ends every live grant first, as frozen and with a receipt, and keeps the table and the buckets', async () => {
    await own.cloudFormation({ Action: 'DeleteStack', StackName: 'Lapse' })
    const status = await until('the stack is deleted', 120, async () => {
      const description = await own.cloudFormation({ Action: 'DescribeStacks', StackName: 'Lapse' })
      const found = /<StackStatus>(\w+)<\/StackStatus>/.exec(description)?.[1] ?? 'GONE'
      return found === 'DELETE_IN_PROGRESS' ? undefined : found
    })

    expect(['DELETE_COMPLETE', 'GONE']).toContain(status)
    expect(await own.grantPolicies()).toEqual(new Map())
    const { Functions = [] } = await new LambdaClient(settings()).send(new ListFunctionsCommand({}))
    expect(Functions.filter(({ Description }) => Description?.startsWith('Lapse: '))).toEqual([])
    for (const { request, chain, events } of await stored()) {
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
})
