import type { Principal } from './request.ts'
import { judgeTrust, type TrustPolicy } from './trust-policy.ts'

/** A user or role as IAM has it now. */
export interface FoundPrincipal {
  readonly uniqueId: string
  /** ARN of its permissions boundary. */
  readonly boundary?: string | undefined
  /** Of a role: who may assume it, or that Lapse cannot read it. */
  readonly trust?: TrustPolicy | 'unreadable' | undefined
}

/** Why a principal gets no grant now. */
export interface PrincipalFlaw {
  readonly code: 'principal-changed' | 'session-not-pinned' | 'boundary-missing'
  readonly detail: string
  readonly wouldPass: string
}

/** `aws:userid` of the calls of this principal: a user's unique id, and for a role `AROA…:session`. */
export function userIdOf({ uniqueId, session }: Principal): string {
  return session ? `${uniqueId}:${session.name}` : uniqueId
}

/** A principal as it stands in hashes and events. Of a user it is the same as before roles could be principals. */
export function principalJson({ arn, uniqueId, session }: Principal) {
  return { arn, uniqueId, session: session && { ...session } }
}

/** A principal in words: `arn:aws:iam::111122223333:role/people/developer, session alice`. */
export function principalWords({ arn, session }: Principal): string {
  if (!session) return arn
  const identity = session.sourceIdentity === undefined ? '' : `, source identity ${session.sourceIdentity}`
  return `${arn}, session ${session.name}${identity}`
}

/**
 * What stands between a principal and a grant: it is another one than asked, its session could be anybody's, or it carries none of
 * the boundaries that are required. Without required boundaries any will do.
 */
export function principalFlaw(
  principal: Principal,
  found: FoundPrincipal | undefined,
  boundaries: readonly string[] = [],
): PrincipalFlaw | undefined {
  const { arn, uniqueId } = principal
  if (!found) return changed(`${arn} does not exist any more`)
  if (found.uniqueId !== uniqueId)
    return changed(`${arn} was made again since: it is ${found.uniqueId} and was ${uniqueId}`)
  const unpinned = sessionFlaw(principal, found)
  if (unpinned) return unpinned
  if (boundaries.length === 0 || (found.boundary !== undefined && boundaries.includes(found.boundary))) return undefined
  const carried =
    found.boundary === undefined ? 'no permissions boundary' : `the permissions boundary ${found.boundary}`
  const wouldPass = `the same request when ${arn} carries ${boundaries.join(' or ')}`
  return { code: 'boundary-missing', detail: `${arn} carries ${carried}`, wouldPass }
}

function changed(detail: string): PrincipalFlaw {
  return {
    code: 'principal-changed',
    detail,
    wouldPass: 'a call signed with credentials of a principal that is there now',
  }
}

/**
 * Whether the session could be somebody else's, by the role's trust policy of now.
 *
 * @param by how it must be pinned. A source identity keeps others out of a grant, but API Gateway shows none: whose call it is, only
 *   a pinned name proves.
 */
export function sessionFlaw(
  { arn, session }: Principal,
  { trust }: Pick<FoundPrincipal, 'trust'>,
  by: 'either' | 'RoleSessionName' = 'either',
): PrincipalFlaw | undefined {
  if (!session) return undefined
  const account = arn.split(':')[4] ?? ''
  const judged = trust === undefined || trust === 'unreadable' ? UNREADABLE : judgeTrust(trust, session, account)
  if (judged.outcome === 'pinned' && (by === 'either' || by === judged.by)) return undefined
  const why = judged.outcome === 'open' ? judged.why : 'it pins the source identity, and not the name'
  return {
    code: 'session-not-pinned',
    detail: `others could take the session ${session.name} of ${arn}, for in its trust policy ${why}`,
    wouldPass: pinning(session.name, account),
  }
}

const UNREADABLE = { outcome: 'open', why: 'stands what Lapse cannot read' } as const

function pinning(name: string, account: string): string {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a policy variable of IAM
  const byUserName = condition('${aws:username}')
  return `a trust policy in which every Allow of sts:AssumeRole trusts account ${account} only and has "Condition": ${byUserName}, or trusts one user and has "Condition": ${condition(name)}`
}

function condition(name: string): string {
  return JSON.stringify({ StringEquals: { 'sts:RoleSessionName': name } })
}
