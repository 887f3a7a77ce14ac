import type { SensitiveReason } from '../../lambdas/domain/allowed-actions.ts'
import { CHAINING, OUTLIVING } from '../entitlement-lint/outliving-actions.ts'
import type { KnownAction } from './service-reference.ts'

export interface Sensitivity {
  readonly reason: SensitiveReason
  readonly why: string
}

/** What somebody who decides should look at twice, or undefined. `service` is the prefix. */
export function sensitivityOf(service: string, { name, level }: KnownAction): Sensitivity | undefined {
  const action = `${service}:${name}`
  const chained = CHAINING[action] ?? (action === 'iam:PassRole' ? PASSED : undefined)
  if (chained !== undefined) return { reason: 'escalation', why: chained }
  const outlives = OUTLIVING[action]
  const secret = SECRETS[action]
  if (secret !== undefined) return { reason: 'secrets', why: secret }
  if (outlives !== undefined) return { reason: CREDENTIAL.test(outlives) ? 'secrets' : 'outlives', why: outlives }
  if (level === 'Permissions management') return { reason: 'permissions', why: MANAGED }
  const isDeletion = (level === 'Write' && DELETING.test(name)) || ALSO_DELETING.has(action)
  return isDeletion ? { reason: 'deletion', why: DELETED } : undefined
}

const PASSED = 'hands the rights of a role to what the person sets up'
const MANAGED = 'changes who may do what, and the change stays when the grant is over'
const DELETED = 'takes away what the end of the grant does not bring back'

/** Among the reasons of the lint, those about credentials. */
const CREDENTIAL = /\b(?:credentials|token|secret)\b/

const DELETING = /^(?:Admin|Batch|Bulk|Cancel|Force|Schedule)?(?:Delet|Terminat|Purge|Destroy|Wipe|Erase|KeyDeletion)/

/** Deletions that are not called so. By hand; add what you find. */
export const ALSO_DELETING: ReadonlySet<string> = new Set([
  'dynamodb:BatchWriteItem',
  'dynamodb:PartiQLDelete',
  'logs:PutRetentionPolicy',
  's3:BypassGovernanceRetention',
  's3:PutLifecycleConfiguration',
])

/** What gives out secrets or credentials besides what the lint knows. By hand; add what you find. */
export const SECRETS: Readonly<Record<string, string>> = {
  ...actions('opens what a key protects', ['kms:Decrypt', 'kms:ReEncryptFrom']),
  ...actions('can show secrets, which stay known when the grant is over', [
    'ec2:GetPasswordData',
    'glue:GetConnection',
    'glue:GetConnections',
    'lambda:GetFunction',
    'lambda:GetFunctionConfiguration',
    'ssm:GetParameter',
    'ssm:GetParameterHistory',
    'ssm:GetParameters',
    'ssm:GetParametersByPath',
  ]),
  ...actions('gives out credentials', [
    'chime:CreateApiKey',
    'cognito-identity:GetCredentialsForIdentity',
    'cognito-identity:GetOpenIdToken',
    'cognito-identity:GetOpenIdTokenForDeveloperIdentity',
    'connect:GetFederationToken',
    'elasticmapreduce:GetClusterSessionCredentials',
    'iot:CreateKeysAndCertificate',
    'lightsail:DownloadDefaultKeyPair',
    'lightsail:GetInstanceAccessDetails',
    'lightsail:GetRelationalDatabaseMasterUserPassword',
    'sts:GetSessionToken',
  ]),
}

function actions(why: string, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map(name => [name, why]))
}
