import { setTimeout as sleep } from 'node:timers/promises'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import {
  GetPolicyCommand,
  IAMClient,
  ListAttachedUserPoliciesCommand,
  ListRolesCommand,
  NoSuchEntityException,
} from '@aws-sdk/client-iam'
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { SFNClient } from '@aws-sdk/client-sfn'
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb'
import { afterAll, jest } from '@jest/globals'
import * as z from 'zod/mini'
import { type Keys, signedCall } from '../../cli/api/signed-call.ts'
import { type ReceivedMail, receivedMails } from '../../local/mailbox.ts'
import { $EventView, $RequestView, type RequestView } from './api-answers.ts'
import { readHouse } from './house-file.ts'
import { until } from './until.ts'

/** Tests of the house wait for real time to pass: a grant of seconds, a mail, a removal that is tried again. */
jest.setTimeout(120_000)
afterAll(() => takeAllBack())

/** The deployed house the test run shares: what it is made of, its administrator, and what its people can do. */
export const house = readHouse()
const { endpointUrl, region, rootCredentials } = house.emulator

/** Settings of an SDK client that speaks to the emulator with these keys. */
function settings(credentials: Keys) {
  return { endpoint: endpointUrl, region, credentials, maxAttempts: 3 }
}

/** SDK clients of the account's administrator. */
export const admin = {
  iam: new IAMClient(settings(rootCredentials)),
  s3: new S3Client(settings(rootCredentials)),
  sfn: new SFNClient(settings(rootCredentials)),
  dynamo: DynamoDBDocumentClient.from(new DynamoDBClient(settings(rootCredentials))),
} as const

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

/** Somebody with keys: calls the API signed, and AWS with their own SDK client. */
export interface Someone {
  readonly keys: Keys
  readonly s3: S3Client
  call(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer>
}

export function withKeys(keys: Keys): Someone {
  return {
    keys,
    s3: new S3Client(settings(keys)),
    async call(method, path, body, headers = {}) {
      return answerOf(await signedCall(keys, region, { method, url: `${house.apiUrl}${path}`, body, headers }))
    },
  }
}

/** A person of the access file, by id. */
export function as(person: string): Someone {
  return withKeys(personOf(person))
}

export function personOf(person: string) {
  const found = house.people[person]
  if (!found) throw new Error(`${person} has no IAM user in the access file of the tests`)
  return found
}

export async function answerOf(response: Response): Promise<Answer> {
  return { status: response.status, headers: response.headers, text: await response.text() }
}

/** What the body says as JSON. Unknown, so that every test says which shape it expects. */
export function jsonOf({ text }: Answer): unknown {
  return JSON.parse(text)
}

/** Who asked what in this file of tests. */
const asked = new Map<string, string>()

/** Asks for access and gives the id of the request. */
export async function ask(person: string, body: object, headers?: Readonly<Record<string, string>>): Promise<string> {
  const answer = await as(person).call('POST', '/requests', body, headers)
  if (answer.status !== 202) throw new Error(`POST /requests answered ${answer.status}: ${answer.text}`)
  const { requestId } = $RequestView.parse(jsonOf(answer))
  asked.set(requestId, person)
  return requestId
}

/** Takes back what was asked in this file and is open: IAM lets a person have ten policies, and the files share their people. */
export async function takeAllBack(): Promise<void> {
  for (const [requestId, person] of asked) {
    const { status } = await as(person).call('POST', `/requests/${requestId}/cancel`)
    if (status !== 200) await as(person).call('POST', `/requests/${requestId}/end`)
  }
  asked.clear()
}

/** The request with its events, as the auditor sees it. */
export async function requestOf(requestId: string) {
  const answer = await as('erin').call('GET', `/requests/${requestId}`)
  if (answer.status !== 200) throw new Error(`GET /requests/${requestId} answered ${answer.status}: ${answer.text}`)
  const { events } = z.object({ events: z.array($EventView) }).parse(jsonOf(answer))
  return { ...$RequestView.parse(jsonOf(answer)), events: events.map(event => ({ requestId, ...event })) }
}

export function untilStatus(requestId: string, status: RequestView['status'], seconds = 30) {
  let last = ''
  return until(`request ${requestId} is ${status}`, seconds, async () => {
    const request = await requestOf(requestId)
    last = request.status
    return request.status === status ? request : undefined
  }).catch(cause => {
    throw new Error(`request ${requestId} is ${last} and not ${status} after ${seconds} s`, { cause })
  })
}

/** Waits for a wall-clock instant plus some milliseconds. */
export function untilInstant(instant: Date, millisecondsAfter = 0): Promise<void> {
  return sleep(Math.max(0, instant.getTime() + millisecondsAfter - Date.now()))
}

export interface MailFilter {
  readonly subject?: string | RegExp
  /** Only mails about this request. */
  readonly requestId?: string
}

/** The mails of a person that are there now, oldest first. */
export async function mailsNow(address: string, { subject = '', requestId = '' }: MailFilter = {}) {
  const mails = await receivedMails(endpointUrl)
  const fits = (text: string) => (typeof subject === 'string' ? text.includes(subject) : subject.test(text))
  return mails.filter(mail => mail.to.includes(address) && fits(mail.subject) && mail.text.includes(requestId))
}

/** Waits until a person has `count` mails that fit. Everybody of the tests' organisation but Victor is `<id>@acme.example`. */
export function mailsTo(person: string, filter: MailFilter = {}, count = 1): Promise<readonly ReceivedMail[]> {
  return until(`${count} mail(s) to ${person} with ${JSON.stringify(filter)}`, 30, async () => {
    const mails = await mailsNow(`${person}@acme.example`, filter)
    return mails.length >= count ? mails : undefined
  })
}

/** The names of the policies attached to an IAM user by hand or by Lapse. */
export async function attachedTo(userName: string): Promise<readonly string[]> {
  const { AttachedPolicies } = await admin.iam.send(new ListAttachedUserPoliciesCommand({ UserName: userName }))
  return (AttachedPolicies ?? []).flatMap(({ PolicyArn }) => PolicyArn ?? [])
}

export async function policyExists(policyArn: string): Promise<boolean> {
  try {
    await admin.iam.send(new GetPolicyCommand({ PolicyArn: policyArn }))
    return true
  } catch (error) {
    if (error instanceof NoSuchEntityException) return false
    throw error
  }
}

/** The name of the role of one of Lapse's functions, by the function's id in the stack: `Revoker`. */
export async function roleNameOf(functionId: string): Promise<string> {
  const { Roles } = await admin.iam.send(new ListRolesCommand({ PathPrefix: '/lapse/' }))
  const role = Roles?.find(({ RoleName }) => RoleName?.includes(functionId))
  if (!role?.RoleName) throw new Error(`no role of ${functionId}`)
  return role.RoleName
}

/** Every row of the one table, as the administrator reads it. */
export async function allRows(): Promise<readonly Record<string, unknown>[]> {
  const rows: Record<string, unknown>[] = []
  let ExclusiveStartKey: Record<string, unknown> | undefined
  do {
    const page = await admin.dynamo.send(
      new ScanCommand({ TableName: house.tableName, ConsistentRead: true, ExclusiveStartKey }),
    )
    rows.push(...(page.Items ?? []))
    ExclusiveStartKey = page.LastEvaluatedKey
  } while (ExclusiveStartKey)
  return rows
}

/** The key of the object in every bucket of `objectsBucket`, and what it holds. */
export const ORDERS = { key: 'orders.csv', content: 'order,total\n1,9.50\n' } as const

/** Makes a bucket of orders that entitlement `orders-read` can name, with one object in it. */
export async function objectsBucket(name: string): Promise<string> {
  const Bucket = `acme-orders-${name}`
  await admin.s3.send(new CreateBucketCommand({ Bucket }))
  await admin.s3.send(new PutObjectCommand({ Bucket, Key: ORDERS.key, Body: ORDERS.content }))
  return Bucket
}
