import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { IAMClient, ListEntitiesForPolicyCommand, ListPoliciesCommand } from '@aws-sdk/client-iam'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { signedCall } from '../../cli/api/signed-call.ts'
import { clientSettings, type House, startHouse } from '../../local/house.ts'
import { linkAndCode, receivedMails } from '../../local/mailbox.ts'
import { $RequestView } from './api-answers.ts'
import { signedFetch } from './signed-fetch.ts'
import { until } from './until.ts'

const STATE = join(import.meta.dirname, '..', '..', '.lapse')

/** A house that one test file has for itself, because it takes it down. */
export class OwnHouse {
  readonly house: House
  readonly iam: IAMClient
  readonly dynamo: DynamoDBDocumentClient
  readonly #folder: string

  private constructor(house: House, folder: string) {
    this.house = house
    this.#folder = folder
    this.iam = new IAMClient(clientSettings(house.emulator))
    this.dynamo = DynamoDBDocumentClient.from(new DynamoDBClient(clientSettings(house.emulator)))
  }

  /** @param makeAccessFile writes the access file into a folder of the test's own and gives its path. */
  static async start(makeAccessFile: (folder: string) => string): Promise<OwnHouse> {
    const folder = mkdtempSync(join(tmpdir(), 'lapse-own-house-'))
    return new OwnHouse(
      await startHouse({ accessFile: makeAccessFile(folder), stateFolder: STATE, log: () => {} }),
      folder,
    )
  }

  async stop(): Promise<void> {
    await this.house.emulator.stop()
    rmSync(this.#folder, { recursive: true, force: true })
  }

  /** A signed call of the API by a person; any status but the expected one is an error. */
  async call(person: string, method: string, path: string, body?: unknown, status = 200): Promise<unknown> {
    const keys = this.house.people[person]
    if (!keys) throw new Error(`${person} has no IAM user`)
    const { region, apiUrl } = this.house
    const response = await signedCall(keys, region, { method, url: `${apiUrl}${path}`, body })
    const text = await response.text()
    if (response.status !== status) throw new Error(`${method} ${path} answered ${response.status}: ${text}`)
    return JSON.parse(text)
  }

  /** A grant in force, asked for by one person and approved by another whose entitlement asks for no code. */
  async active(person: string, body: object, approver: string) {
    const { requestId } = $RequestView.parse(await this.call(person, 'POST', '/requests', body, 202))
    const mail = await until(`a mail to ${approver}`, 30, async () =>
      (await receivedMails(this.house.emulator.endpointUrl)).findLast(
        ({ to, subject, text }) => to.includes(approver) && subject.includes(' asks: ') && text.includes(requestId),
      ),
    )
    const { url, code = '' } = linkAndCode(mail)
    const seen = /name="seen" value="([0-9a-f]{64})"/.exec(await (await fetch(url)).text())?.[1] ?? ''
    const form = new URLSearchParams({ decision: 'approve', seen, code, comment: '' })
    const answer = await fetch(url, { method: 'POST', body: form })
    if (!answer.ok) throw new Error(`the approval was answered ${answer.status}`)
    const { grant } = await this.untilStatus(person, requestId, 'ACTIVE')
    if (!grant) throw new Error(`request ${requestId} is ACTIVE without a grant`)
    return { requestId, ...grant }
  }

  untilStatus(person: string, requestId: string, status: string, seconds = 30) {
    return until(`request ${requestId} is ${status}`, seconds, async () => {
      const request = $RequestView.parse(await this.call(person, 'GET', `/requests/${requestId}`))
      return request.status === status ? request : undefined
    })
  }

  /** Every policy under Lapse's path, with how many users have it. */
  async grantPolicies(): Promise<ReadonlyMap<string, number>> {
    const { Policies = [] } = await this.iam.send(
      new ListPoliciesCommand({ Scope: 'Local', PathPrefix: '/lapse/grant/' }),
    )
    const counted = Policies.map(async ({ Arn = '' }) => {
      const { PolicyUsers = [] } = await this.iam.send(new ListEntitiesForPolicyCommand({ PolicyArn: Arn }))
      return [Arn, PolicyUsers.length] as const
    })
    return new Map(await Promise.all(counted))
  }

  /** A signed call of CloudFormation; gives back the XML. */
  async cloudFormation(parameters: Record<string, string>): Promise<string> {
    const { endpointUrl, rootCredentials: credentials } = this.house.emulator
    const { text } = await signedFetch('POST', endpointUrl, {
      credentials,
      service: 'cloudformation',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(parameters).toString(),
    })
    return text
  }
}
