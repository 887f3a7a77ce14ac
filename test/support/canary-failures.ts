import { DeleteRolePolicyCommand, IAMClient, ListRolesCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam'
import { SFNClient, StopExecutionCommand } from '@aws-sdk/client-sfn'
import { linkAndCode } from '../../local/mailbox.ts'
import type { SearchedHouse } from './canary.ts'
import { type CanaryLives, send } from './canary-lives.ts'
import { until } from './until.ts'

/** What the logs say of them. */
export const LOGGED = ['the workflow could not be woken', 'the page failed', 'the step failed'] as const

interface Denied {
  readonly Action: readonly string[]
  readonly Condition?: object
}

/** Steps that fail where they hold a secret: what they then log and throw is where one would leak. */
export async function failSomeSteps(house: SearchedHouse, lives: CanaryLives): Promise<void> {
  const clients = clientsOf(house)
  await nobodyCanBeMailed(clients, lives)
  await notWoken(clients, house, lives)
  await notRead(clients, lives)
  await lives.ask('bob', 'status-read', { parameters: { queue: 'acme-orders' } })
}

/** The function that asks has links, codes and a task token in its hands when SES refuses. */
async function nobodyCanBeMailed(clients: Clients, lives: CanaryLives): Promise<void> {
  const addresses = { 'ses:Recipients': ['frank@acme.example', 'carol@acme.example'] }
  const Condition = { 'ForAnyValue:StringEquals': addresses }
  await whileDenied(clients, 'AskApprovers', { Action: ['ses:SendEmail'], Condition }, async () => {
    const requestId = await lives.ask('bob', 'status-read', { parameters: { queue: 'acme-orders' } })
    await until(`${requestId} is FAILED`, 60, async () =>
      (await lives.status(requestId)) === 'FAILED' ? true : undefined,
    )
  })
}

/** An approval that stands, and an execution that cannot be told: the SDK's error is logged as a cause. It is ended by hand. */
async function notWoken(clients: Clients, { stateMachineArn }: SearchedHouse, lives: CanaryLives): Promise<void> {
  const { requestId, url, code } = await linkOf(lives)
  await whileDenied(clients, 'DecideByLink', { Action: ['states:*'] }, () => expectStatus(url, code, 200))
  await lives.giveBack(requestId)
  const executionArn = `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${requestId}`
  await clients.states.send(new StopExecutionCommand({ executionArn }))
}

/** A page whose reads of the table are refused breaks with the token in its hands. */
async function notRead(clients: Clients, lives: CanaryLives): Promise<void> {
  const { requestId, url, code } = await linkOf(lives)
  await whileDenied(clients, 'DecideByLink', { Action: ['dynamodb:*'] }, () => expectStatus(url, code, 500))
  await lives.takeBack(requestId)
}

async function expectStatus(url: string, code: string, expected: number): Promise<void> {
  const status = await send(url, 'approve', code)
  if (status !== expected) throw new Error(`the page answered ${status} where ${expected} was to be made to happen`)
}

async function linkOf(lives: CanaryLives) {
  const requestId = await lives.ask('crew-01', 'crew-read')
  const mail = (await lives.mailsAbout(new Set([requestId]))).get(requestId)
  if (!mail) throw new Error(`nobody was asked about ${requestId}`)
  const { url, code = '' } = linkAndCode(mail)
  return { requestId, url, code }
}

type Clients = ReturnType<typeof clientsOf>

function clientsOf({ emulator: { endpointUrl: endpoint, region, rootCredentials: credentials } }: SearchedHouse) {
  const settings = { endpoint, region, credentials }
  return { iam: new IAMClient(settings), states: new SFNClient(settings) }
}

/** Keeps one of Lapse's functions from something by an administrator's Deny, as long as `during` takes. */
async function whileDenied(
  { iam }: Clients,
  functionId: string,
  denied: Denied,
  during: () => Promise<void>,
): Promise<void> {
  const { Roles = [] } = await iam.send(new ListRolesCommand({ PathPrefix: '/lapse/' }))
  const RoleName = Roles.find(role => role.RoleName?.includes(functionId))?.RoleName
  if (!RoleName) throw new Error(`no role of ${functionId}`)
  const inline = { RoleName, PolicyName: 'made-to-fail' }
  const Statement = [{ Effect: 'Deny', Resource: '*', ...denied }]
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement })
  await iam.send(new PutRolePolicyCommand({ ...inline, PolicyDocument }))
  try {
    await during()
  } finally {
    await iam.send(new DeleteRolePolicyCommand(inline))
  }
}
