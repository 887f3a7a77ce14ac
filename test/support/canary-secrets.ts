import {
  paginateGetExecutionHistory,
  paginateListExecutions,
  SendTaskFailureCommand,
  SFNClient,
  TaskTimedOut,
} from '@aws-sdk/client-sfn'
import * as z from 'zod/mini'
import { linkAndCode, receivedMails } from '../../local/mailbox.ts'
import type { Canary, SearchedHouse, Sighting } from './canary.ts'
import { requestOf } from './canary-lives.ts'

const $Callback = z.object({ Payload: z.object({ taskToken: z.string(), requestId: z.string() }) })

/** Every secret there has been in a house: of its mails, its people and its executions. */
export async function secretsOf(house: SearchedHouse): Promise<readonly Canary[]> {
  return [...(await ofMails(house)), ...ofPeople(house), ...(await taskTokens(house))]
}

async function ofMails({ emulator }: SearchedHouse): Promise<readonly Canary[]> {
  const mails = (await receivedMails(emulator.endpointUrl)).filter(({ text }) => text.includes('/decide/'))
  return mails.flatMap(mail => {
    const { url, code } = linkAndCode(mail)
    const of = requestOf(mail)
    const token: Canary = { kind: 'link token', value: url.slice(url.lastIndexOf('/') + 1), of }
    return code === undefined ? [token] : [token, { kind: 'code', value: code, of }]
  })
}

function ofPeople({ people }: SearchedHouse): readonly Canary[] {
  return Object.entries(people).flatMap(([of, { secretAccessKey, sessionToken }]) => {
    const key: Canary = { kind: 'secret access key', value: secretAccessKey, of }
    return sessionToken === undefined ? [key] : [key, { kind: 'session token', value: sessionToken, of }]
  })
}

/** Step Functions shows the parameters of a task in the history of its execution, and with them the token it waits for. */
async function taskTokens(house: SearchedHouse): Promise<readonly Canary[]> {
  const client = statesOf(house)
  const tokens: Canary[] = []
  const { stateMachineArn } = house
  for await (const { executions = [] } of paginateListExecutions({ client }, { stateMachineArn })) {
    for (const { executionArn } of executions) {
      for await (const { events = [] } of paginateGetExecutionHistory({ client }, { executionArn })) {
        for (const { taskScheduledEventDetails: scheduled } of events) {
          const given = $Callback.safeParse(JSON.parse(scheduled?.parameters ?? '{}'))
          if (!given.success) continue
          const { taskToken: value, requestId: of } = given.data.Payload
          tokens.push({ kind: 'task token', value, of })
        }
      }
    }
  }
  return tokens
}

/**
 * Where a task token must be: in its row, where who answers the wait finds it, in the history of its own execution, where AWS puts the
 * parameters of every task, and in the record of the call that spends it.
 */
export function isMeantToBeThere({ kind, of, place, where }: Sighting, { tableName }: SearchedHouse): boolean {
  if (kind !== 'task token') return false
  if (place === 'table row') return where === `${tableName} TASK#${of} TASK taskToken`
  if (place === 'execution') return where === `${of} TaskScheduled`
  return place === 'trail' && /^SendTask(?:Success|Failure) by /.test(where)
}

/** The task tokens that still answer something. A token that is spent is refused, whoever sends it. */
export async function livingTokens(house: SearchedHouse, canaries: readonly Canary[]): Promise<readonly string[]> {
  const client = statesOf(house)
  const living: string[] = []
  for (const { value: taskToken, of } of canaries.filter(({ kind }) => kind === 'task token')) {
    const refusal: unknown = await client
      .send(new SendTaskFailureCommand({ taskToken }))
      .catch((error: unknown) => error)
    if (!(refusal instanceof TaskTimedOut)) living.push(of)
  }
  return living
}

function statesOf({ emulator: { endpointUrl: endpoint, region, rootCredentials: credentials } }: SearchedHouse) {
  return new SFNClient({ endpoint, region, credentials })
}
