import {
  AttachUserPolicyCommand,
  GetPolicyCommand,
  IAMClient,
  ListAttachedUserPoliciesCommand,
  NoSuchEntityException,
} from '@aws-sdk/client-iam'
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { GetExecutionHistoryCommand, SFNClient } from '@aws-sdk/client-sfn'
import * as z from 'zod/mini'
import type { Keys } from '../../cli/api/signed-call.ts'
import { policyDocument } from '../../lambdas/adapters/iam-policies.ts'
import { clientSettings, type House } from '../house.ts'

export const BUCKET = 'acme-orders-2026'
export const OBJECT = 'november.csv'
const ORDERS = 'order,customer,total\n4711,Nadia,39.90\n4712,Oskar,12.50\n4713,Petra,88.00\n'

const $Document = z.object({
  Statement: z.array(z.object({ Condition: z.record(z.string(), z.record(z.string(), z.string())) })),
})

/** The account around Lapse, as its administrator has it, and as people with keys of their own meet it. */
export class Account {
  readonly #house: House
  readonly #iam: IAMClient
  readonly #s3: S3Client
  readonly #sfn: SFNClient

  constructor(house: House) {
    const settings = clientSettings(house.emulator)
    this.#house = house
    this.#iam = new IAMClient(settings)
    this.#s3 = new S3Client({ ...settings, forcePathStyle: true })
    this.#sfn = new SFNClient(settings)
  }

  async makeOrders(): Promise<void> {
    await this.#s3.send(new CreateBucketCommand({ Bucket: BUCKET }))
    await this.#s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: OBJECT, Body: ORDERS }))
  }

  /** What S3 answers to a person's own keys, at this moment. */
  async read(person: string): Promise<{ outcome: 'allowed'; text: string } | { outcome: 'denied' }> {
    const s3 = new S3Client({ ...clientSettings(this.#house.emulator, this.#keysOf(person)), forcePathStyle: true })
    try {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: OBJECT }))
      return { outcome: 'allowed', text: (await Body?.transformToString()) ?? '' }
    } catch (error) {
      if (error instanceof Error && error.name === 'AccessDenied') return { outcome: 'denied' }
      throw error
    }
  }

  async attach(person: string, policyArn: string): Promise<void> {
    await this.#iam.send(new AttachUserPolicyCommand({ UserName: this.#nameOf(person), PolicyArn: policyArn }))
  }

  async isAttached(person: string, policyArn: string): Promise<boolean> {
    const command = new ListAttachedUserPoliciesCommand({ UserName: this.#nameOf(person) })
    const { AttachedPolicies = [] } = await this.#iam.send(command)
    return AttachedPolicies.some(({ PolicyArn }) => PolicyArn === policyArn)
  }

  async policyExists(policyArn: string): Promise<boolean> {
    try {
      await this.#iam.send(new GetPolicyCommand({ PolicyArn: policyArn }))
      return true
    } catch (error) {
      if (error instanceof NoSuchEntityException) return false
      throw error
    }
  }

  /** The conditions in the policy's first statement as IAM has it, one line each. */
  async conditions(policyArn: string): Promise<readonly string[]> {
    const { Statement } = $Document.parse(await policyDocument(this.#iam, policyArn))
    return Object.entries(Statement[0]?.Condition ?? {}).flatMap(([operator, keys]) =>
      Object.entries(keys).map(([key, value]) => `${operator.padEnd(22)} ${key.padEnd(15)} ${value}`),
    )
  }

  /** How often a function of the request's execution has failed so far. */
  async failures(requestId: string): Promise<number> {
    const executionArn = `${this.#house.stateMachineArn.replace(':stateMachine:', ':execution:')}:${requestId}`
    const { events = [] } = await this.#sfn.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 1000 }))
    return events.filter(({ type }) => type === 'TaskFailed' || type === 'LambdaFunctionFailed').length
  }

  #keysOf(person: string): Keys {
    const keys = this.#house.people[person]
    if (!keys) throw new Error(`the access file has no ${person}`)
    return { accessKeyId: keys.accessKeyId, secretAccessKey: keys.secretAccessKey }
  }

  #nameOf(person: string): string {
    return this.#house.people[person]?.arn.split('/').at(-1) ?? person
  }
}
