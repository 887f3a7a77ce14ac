import { type AccessFile, own } from '../access-file.ts'
import { documentHash } from '../fence.ts'
import { documentFor } from '../grant.ts'
import { render, type Statement } from '../parameters.ts'
import type { Request } from '../request.ts'
import type { Call } from './call.ts'

/** What a request's grant allowed. */
export interface Granted {
  readonly statements: readonly Statement[]
  /** Today's access file gives the same, so what was worked out of it at synth is true of the grant too. */
  readonly isAsToday: boolean
}

/**
 * What the grant of a request allowed, as its approval kept it, or undefined when nobody can say any more: of a policy attached as it
 * is, when the access file has another version of it today. The hash of the document is what says so: whether the person could still
 * ask for it today does not matter, for who left may have used it too late.
 */
export function grantedOf(access: AccessFile, request: Request): Granted | undefined {
  const { grant, parameters, asIs } = request
  if (!grant) return undefined
  const entitlement = own(access.entitlements, request.entitlement)
  const rendering = entitlement && render(entitlement, parameters)
  const today = rendering?.outcome === 'rendered' ? rendering.statements : undefined
  if (asIs) {
    const isSame = entitlement?.managedPolicy?.asIs?.documentHash === asIs.documentHash
    return today && isSame ? { statements: today, isAsToday: true } : undefined
  }
  const isGranted = (statements: readonly Statement[] | undefined) =>
    statements !== undefined && documentHash(documentFor(request, statements, grant)) === grant.documentHash
  const statements = [grant.statements, today].find(isGranted)
  return statements && { statements, isAsToday: isGranted(today) }
}

/** The statements of a request's grant, where somebody can say. */
export function grantedStatements(access: AccessFile, request: Request): readonly Statement[] | undefined {
  return grantedOf(access, request)?.statements
}

/**
 * What everybody may do without any policy, so that no grant is used by it: signing in, and asking STS who one is or for a session.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_getsessiontoken.html
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-aws-console-sign-in-events.html
 */
const FREE: ReadonlySet<string> = new Set([
  'signin:CheckMfa',
  'signin:ConsoleLogin',
  'signin:ExitRole',
  'signin:RenewRole',
  'signin:SwitchRole',
  'sts:GetCallerIdentity',
  'sts:GetSessionToken',
])

/** Whether one of the statements allows the action, on whatever. Case does not count, as in IAM. */
export function allowsAction(statements: readonly Statement[], action: string): boolean {
  return statements.some(statement => namesAction(statement, action))
}

/**
 * Whether one of the statements surely allows the call: its action, on everything or on something the event names. An event that names
 * no resource of the statement is not counted, and one that names it otherwise than by ARN neither.
 */
export function surelyAllows(statements: readonly Statement[], { action, resources }: Call): boolean {
  return statements.some(
    statement => namesAction(statement, action) && (isOnAll(statement) || resources.some(arn => isOn(statement, arn))),
  )
}

function namesAction({ actions, exceptActions = [] }: Statement, action: string): boolean {
  return (
    !FREE.has(action) &&
    actions.some(pattern => isMatch(pattern, action, 'i')) &&
    !exceptActions.some(pattern => isMatch(pattern, action, 'i'))
  )
}

function isOnAll({ resources, exceptResources }: Statement): boolean {
  return resources.includes('*') && exceptResources === undefined
}

function isOn({ resources, exceptResources = [] }: Statement, arn: string): boolean {
  return resources.some(pattern => isMatch(pattern, arn)) && !exceptResources.some(pattern => isMatch(pattern, arn))
}

/** Whether a name fits a pattern of IAM: `*` is any text, `?` any character. */
export function isMatch(pattern: string, name: string, flags = ''): boolean {
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll(/\*+/g, '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${source}$`, `s${flags}`).test(name)
}
