import { CloudWatchClient, DescribeAlarmsCommand, PutMetricAlarmCommand } from '@aws-sdk/client-cloudwatch'
import { InvokeCommand, LambdaClient, paginateListFunctions } from '@aws-sdk/client-lambda'
import { afterAll, describe, expect, it } from '@jest/globals'
import * as z from 'zod/mini'
import { signedFetch } from '../support/signed-fetch.ts'
import { house } from '../support/the-house.ts'
import { until } from '../support/until.ts'

/** In place of the five minutes the alarm is deployed with, which it gets back. Those that sum metrics MiniStack does not take by this call. */
const PERIOD_SECONDS = 6
const AlarmName = 'Lapse-dead-letters-failures'
const { endpointUrl: endpoint, region, accountId: account, rootCredentials: credentials } = house.emulator
const cloudWatch = new CloudWatchClient({ endpoint, region, credentials })
const lambda = new LambdaClient({ endpoint, region, credentials })

afterAll(() => withPeriod(300))

async function alarm() {
  const { MetricAlarms } = await cloudWatch.send(new DescribeAlarmsCommand({ AlarmNames: [AlarmName] }))
  const [found] = MetricAlarms ?? []
  if (!found) throw new RangeError(`there is no alarm ${AlarmName}`)
  return found
}

async function withPeriod(Period: number): Promise<void> {
  await cloudWatch.send(new PutMetricAlarmCommand({ ...(await alarm()), AlarmName, Period }))
}

function becomes(state: string): Promise<true> {
  return until(`${AlarmName} is ${state}`, 60, async () => ((await alarm()).StateValue === state ? true : undefined))
}

/** A call of IAM by somebody else, as CloudTrail gives it to EventBridge. */
function aCall(eventName: string, requestParameters: object): Buffer {
  const userIdentity = { type: 'IAMUser', arn: `arn:aws:iam::${account}:user/mallory` }
  const eventID = '4567efdc-3a5c-4b0a-9e0b-2b0f8d9f1c11'
  const detail = { eventID, eventName, eventTime: '2027-03-01T10:00:05Z', userIdentity, requestParameters }
  return Buffer.from(
    JSON.stringify({ 'detail-type': 'AWS API Call via CloudTrail', source: 'aws.iam', account, detail }),
  )
}

/** The deployed function that CloudTrail's events go to. What is none it throws, so that it ends in the queue of failures. */
async function listener(): Promise<string> {
  for await (const { Functions = [] } of paginateListFunctions({ client: lambda }, {})) {
    const found = Functions.find(({ FunctionName = '' }) => FunctionName.includes('NoteOutsideChange'))?.FunctionName
    if (found) return found
  }
  throw new RangeError('no function listens to changes of IAM')
}

async function sqs(action: string, input: object): Promise<unknown> {
  const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `AmazonSQS.${action}` }
  const body = JSON.stringify(input)
  const { status, text } = await signedFetch('POST', endpoint, { credentials, service: 'sqs', headers, body })
  expect([action, status]).toEqual([action, 200])
  return text === '' ? undefined : JSON.parse(text)
}

describe('an alarm of the deployed house', () => {
  it('ANO-02 rings for an event that a function gave up after three tries, and is over when somebody saw to the queue', async () => {
    const QueueName = (await alarm()).Dimensions?.[0]?.Value
    const { QueueUrl } = z.object({ QueueUrl: z.string() }).parse(await sqs('GetQueueUrl', { QueueName }))
    await sqs('PurgeQueue', { QueueUrl })
    await withPeriod(PERIOD_SECONDS)
    await becomes('OK')

    const Payload = Buffer.from('{"detail":"no change of IAM"}')
    await lambda.send(new InvokeCommand({ FunctionName: await listener(), InvocationType: 'Event', Payload }))

    await becomes('ALARM')
    await sqs('PurgeQueue', { QueueUrl })
    await becomes('OK')
  })
})

describe('the deployed listener to changes of IAM', () => {
  it('END-06 may look who is in a group and who has a policy', async () => {
    const FunctionName = await listener()
    for (const Payload of [
      aCall('PutGroupPolicy', { groupName: 'robots', policyName: 'x' }),
      aCall('CreatePolicyVersion', { policyArn: `arn:aws:iam::${account}:policy/teams/robots` }),
    ]) {
      const answer = await lambda.send(new InvokeCommand({ FunctionName, Payload }))

      expect([answer.FunctionError, JSON.parse(Buffer.from(answer.Payload ?? []).toString())]).toEqual([
        undefined,
        { outcome: 'of nothing that Lapse manages' },
      ])
    }
  })
})
