import { join } from 'node:path'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { CreateUserCommand, IAMClient } from '@aws-sdk/client-iam'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { DynamoFindingStore } from '../../lambdas/adapters/dynamo-finding-store.ts'
import { DynamoFreezeStore } from '../../lambdas/adapters/dynamo-freeze-store.ts'
import { DynamoLeaseStore } from '../../lambdas/adapters/dynamo-lease-store.ts'
import { DynamoLinkStore } from '../../lambdas/adapters/dynamo-link-store.ts'
import { DynamoOpenRequests } from '../../lambdas/adapters/dynamo-open-requests.ts'
import { DynamoRequestStore } from '../../lambdas/adapters/dynamo-request-store.ts'
import { DynamoTaskTokenStore } from '../../lambdas/adapters/dynamo-task-token-store.ts'
import { IamPolicyAuthor } from '../../lambdas/adapters/iam-policy-author.ts'
import { IamPolicyBinder } from '../../lambdas/adapters/iam-policy-binder.ts'
import { IamPolicyInventory } from '../../lambdas/adapters/iam-policy-inventory.ts'
import { IamPolicyRemover } from '../../lambdas/adapters/iam-policy-remover.ts'
import type { AccessFile, Entitlement, Person } from '../../lambdas/domain/access-file.ts'
import type { Principal } from '../../lambdas/domain/request.ts'
import { type Emulator, startEmulator } from '../../local/emulator.ts'
import { aLedgerTable } from './ledger-table.ts'

const STATE_FOLDER = join(import.meta.dirname, '..', '..', '.lapse')
export const TABLE = 'lapse'

/** An emulator with Lapse's table and a user for each person, before any fault. */
export interface FaultHouse {
  readonly emulator: Emulator
  readonly access: AccessFile
  readonly principals: ReadonlyMap<string, Principal>
  /** Straight to the emulator. */
  readonly direct: Hands
}

/** The clients of one function's container. */
export interface Hands {
  readonly iam: IAMClient
  readonly dynamo: DynamoDBClient
  readonly documents: DynamoDBDocumentClient
}

export async function startFaultHouse(people: number): Promise<FaultHouse> {
  // Nobody reads the trail here, and recording it is a fifth of the emulator's time.
  const env = { CLOUDTRAIL_RECORDING: '0', LOG_LEVEL: 'WARNING' }
  const emulator = await startEmulator({ stateFolder: STATE_FOLDER, log: () => {}, env })
  const direct = handsAt(emulator.endpointUrl)
  await direct.dynamo.send(aLedgerTable(TABLE))
  const access = faultAccess(people)
  const principals = new Map<string, Principal>()
  for (const id of requestersOf(access)) {
    const { User } = await direct.iam.send(new CreateUserCommand({ UserName: id, Path: '/people/' }))
    principals.set(id, { arn: User?.Arn ?? '', uniqueId: User?.UserId ?? '' })
  }
  return { emulator, access, principals, direct }
}

/** Clients as the functions make them: nothing about tries or retries is said, so it is the SDK's own. */
export function handsAt(endpoint: string): Hands {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
  const config = { endpoint, region: 'us-east-1', credentials }
  const dynamo = new DynamoDBClient(config)
  const documents = DynamoDBDocumentClient.from(dynamo, { marshallOptions: { removeUndefinedValues: true } })
  return { iam: new IAMClient(config), dynamo, documents }
}

/** Every real adapter on these clients. */
export function adaptersOn({ iam, documents }: Hands) {
  return {
    store: new DynamoRequestStore(documents, TABLE),
    links: new DynamoLinkStore(documents, TABLE),
    taskTokens: new DynamoTaskTokenStore(documents, TABLE),
    findings: new DynamoFindingStore(documents, TABLE),
    freezes: new DynamoFreezeStore(documents, TABLE),
    leases: new DynamoLeaseStore(documents, TABLE),
    open: new DynamoOpenRequests(documents, TABLE),
    author: new IamPolicyAuthor(iam),
    binder: new IamPolicyBinder(iam),
    remover: new IamPolicyRemover(iam),
    inventory: new IamPolicyInventory(iam),
  }
}

/** One entitlement of one stage with a code, two without: Bob, then Carol, in two stages; and both of them in one. */
export function faultAccess(people: number): AccessFile {
  const requesters = Array.from({ length: people }, (_, index) => `person-${String(index).padStart(5, '0')}`)
  const everybody = [...requesters, 'bob', 'carol', 'adam'].map(
    (id): Person => ({ id, name: id, email: `${id}@example.com`, principals: [`user/people/${id}`] }),
  )
  const owner = { name: 'owner', approvers: ['bob'], quorum: 1 }
  const both = { name: 'both', approvers: ['bob', 'carol'], quorum: 2 }
  const security = { name: 'security', approvers: ['carol'], quorum: 1 }
  const entitlement = (id: string, more: Pick<Entitlement, 'stages' | 'codeRequired'>): Entitlement => ({
    id,
    title: `Use ${id}`,
    description: 'Something to be used for a while',
    risk: 'low',
    parameters: {},
    statements: [{ actions: ['s3:GetObject'], resources: [`arn:aws:s3:::${id}/*`] }],
    duration: { defaultSeconds: 1800, maximumSeconds: 7200 },
    rules: [{ name: 'everybody', effect: 'allow', members: ['group:requesters'] }],
    ladder: { remindAfterSeconds: 1800, unansweredAfterSeconds: 14_400 },
    ...more,
  })
  return {
    organisation: 'Fault Ltd',
    timezone: 'UTC',
    mail: { from: 'lapse@example.com' },
    limits: { shortestGrantSeconds: 300 },
    people: Object.fromEntries(everybody.map(person => [person.id, person])),
    groups: { requesters },
    admins: ['adam'],
    auditors: [],
    entitlements: {
      'logs-read': entitlement('logs-read', { stages: [owner], codeRequired: true }),
      'data-read': entitlement('data-read', { stages: [owner, security], codeRequired: false }),
      'table-repair': entitlement('table-repair', { stages: [both], codeRequired: false }),
    },
  }
}

export function requestersOf({ groups }: AccessFile): readonly string[] {
  return groups.requesters ?? []
}
