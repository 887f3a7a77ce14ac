import { own, type Person } from '../domain/access-file.ts'
import { sha256 } from '../domain/digest.ts'
import { plusSeconds, wholeSeconds } from '../domain/instant.ts'
import type { AskedStage, Request } from '../domain/request.ts'
import type { Clock, IdSource } from './ports/chance.ts'
import type { Link } from './ports/link-store.ts'
import type { Telling } from './tell.ts'

export interface InvitingDeps extends Pick<Telling, 'access'> {
  readonly ids: IdSource
  readonly clock: Clock
}

export interface Invitation {
  readonly approver: Person
  /** Undefined where only a signed call decides: no link is made, so there is none to lose. */
  readonly byLink: LinkInvitation | undefined
}

export interface LinkInvitation {
  readonly token: string
  readonly code: string | undefined
  readonly link: Link
}

/** The hash kept of a code: bound to its link, so a reader of the table cannot try codes without the token. */
export function codeHash(tokenHash: string, code: string): string {
  return sha256(`${tokenHash}:${code}`)
}

/** A link, or the call to sign, for each of these people of the stage who has not answered yet. */
export function invitationsTo(
  deps: InvitingDeps,
  request: Request,
  stage: AskedStage,
  people: readonly string[],
): readonly Invitation[] {
  const { access } = deps
  const { codeRequired = true, assurance } = own(access.entitlements, request.entitlement) ?? {}
  const hasDecided = (id: string): boolean => request.decisions.some(({ approver }) => approver === id)
  const approvers = people.filter(id => !hasDecided(id)).flatMap(id => own(access.people, id) ?? [])
  return approvers.map(approver => ({
    approver,
    byLink: assurance === 'signed' ? undefined : invite(deps, request, stage, approver, codeRequired),
  }))
}

function invite(
  { ids, clock }: InvitingDeps,
  request: Request,
  stage: AskedStage,
  approver: Person,
  codeRequired: boolean,
): LinkInvitation {
  const now = clock.now()
  const token = ids.linkToken()
  const code = codeRequired ? ids.code() : undefined
  const tokenHash = sha256(token)
  const link: Link = {
    tokenHash,
    requestId: request.id,
    approver: approver.id,
    stage: stage.name,
    ...(code !== undefined && { codeHash: codeHash(tokenHash, code) }),
    expiresAt: linkEnd(request, now),
    state: 'open',
    tries: 0,
  }
  return { token, code, link }
}

const LONGEST_LINK_SECONDS = 8 * 3600
const SHORTEST_LINK_SECONDS = 15 * 60

/** A link lives half the way to the start that was asked for, from a quarter of an hour to eight, and never past the time to answer. */
function linkEnd({ answerBy, earliestStart }: Request, now: Date): Date {
  const toStart = earliestStart ? (earliestStart.getTime() - now.getTime()) / 2000 : LONGEST_LINK_SECONDS
  const seconds = Math.min(LONGEST_LINK_SECONDS, Math.max(SHORTEST_LINK_SECONDS, toStart))
  const end = wholeSeconds(plusSeconds(now, seconds))
  return end < answerBy ? end : answerBy
}
