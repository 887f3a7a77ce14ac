import { own, type Person } from '../domain/access-file.ts'
import { sha256 } from '../domain/digest.ts'
import { RequestMissingError, TokenNotKeptError } from '../domain/errors.ts'
import { type Allowed, evaluate } from '../domain/evaluate.ts'
import { plusSeconds, toInstant, wholeSeconds } from '../domain/instant.ts'
import { note } from '../domain/lifecycle.ts'
import type { AskedStage, Request } from '../domain/request.ts'
import { standing } from '../domain/stages.ts'
import type { Message } from './ports/announcer.ts'
import type { IdSource } from './ports/chance.ts'
import type { Link, LinkStore } from './ports/link-store.ts'
import { advance } from './record.ts'
import { type Telling, tell, toRequester } from './tell.ts'
import { answerWait, type WakeDeps } from './wake.ts'

export interface AskApproversDeps extends Telling, WakeDeps {
  readonly links: LinkStore
  readonly ids: IdSource
  /** `https://…` without a slash at its end; `/decide/{token}` follows. */
  readonly publicUrl: string
}

/** The hash kept of a code: bound to its link, so a reader of the table cannot try codes without the token. */
export function codeHash(tokenHash: string, code: string): string {
  return sha256(`${tokenHash}:${code}`)
}

/** How long a task token is kept at the most: longer than any request may wait for an answer. */
const KEEP_TOKEN_SECONDS = 2 * 86_400

/**
 * Asks the people of the open stage by mail, each with a link of their own. Called when the execution begins to wait and again
 * for each reminder (`rung` > 0), each time with the token of the wait that has just begun.
 *
 *   keep token → read the request → (answered already? wake the execution) → keep links → record → mail
 *
 * The token is kept before the request is read: an answer given in between finds either the new token, or is found here.
 */
export async function askApprovers(
  deps: AskApproversDeps,
  { requestId, taskToken, rung }: { readonly requestId: string; readonly taskToken: string; readonly rung: number },
) {
  const { store, taskTokens, clock, links } = deps
  const now = clock.now()
  try {
    await taskTokens.keep(requestId, taskToken, plusSeconds(now, KEEP_TOKEN_SECONDS))
  } catch (cause) {
    throw new TokenNotKeptError(requestId, { cause })
  }
  const request = await store.find(requestId)
  if (!request) throw new RequestMissingError(requestId)
  const stage = openStage(request)
  if (!stage) return wake(deps, request, taskToken)
  const invitations = invitationsTo(deps, request, stage)
  await links.put(invitations.map(({ link }) => link))

  const recorded = await advance(store, requestId, current => {
    if (openStage(current)?.name !== stage.name) return { stop: 'moved-on' }
    const type = rung === 0 ? 'approvers-asked' : 'approvers-reminded'
    const details = { stage: stage.name, approvers: stage.approvers, answerBy: toInstant(current.answerBy) }
    return note(current, { type, at: now, actor: { service: 'approval' }, details })
  })
  if (recorded.outcome === 'stopped') return wake(deps, recorded.request, taskToken)
  return mail(deps, recorded.transition.to, invitations, rung)
}

/** No approver could be mailed. The workflow fails the request and says so, instead of waiting for an answer nobody was asked for. */
export class NobodyAskedError extends Error {
  override readonly name = 'NobodyAskedError'

  constructor(requestId: string) {
    super(`no approver of request ${requestId} could be mailed`)
  }
}

/** The answer was there before the wait: the execution goes on with it at once. */
async function wake({ workflow }: AskApproversDeps, request: Request, taskToken: string) {
  await answerWait(workflow, taskToken, request)
  return { outcome: 'answered-already', status: request.status } as const
}

async function mail(deps: AskApproversDeps, request: Request, invitations: readonly Invitation[], rung: number) {
  const asks = invitations.map(
    ({ approver, token, code }): Message => ({
      kind: 'approval-asked',
      to: approver,
      request,
      url: `${deps.publicUrl}/decide/${token}`,
      code,
      isReminder: rung > 0,
    }),
  )
  const sent = await tell(deps, request.id, asks)
  if (sent === 0 && rung === 0) throw new NobodyAskedError(request.id)
  const isFirstAsk = rung === 0 && request.decisions.length === 0
  if (isFirstAsk) await tell(deps, request.id, toRequester(deps.access, request, 'asked'))
  return { outcome: 'asked', approvers: invitations.length, sent } as const
}

interface Invitation {
  readonly approver: Person
  readonly token: string
  readonly code: string | undefined
  readonly link: Link
}

function invitationsTo(deps: AskApproversDeps, request: Request, stage: AskedStage): readonly Invitation[] {
  const { access } = deps
  const codeRequired = own(access.entitlements, request.entitlement)?.codeRequired ?? true
  const approvers = stage.approvers.flatMap(id => own(access.people, id) ?? [])
  return approvers.map(approver => invite(deps, request, stage, approver, codeRequired))
}

function invite(
  { ids, clock }: Pick<AskApproversDeps, 'ids' | 'clock'>,
  request: Request,
  stage: AskedStage,
  approver: Person,
  codeRequired: boolean,
): Invitation {
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
  return { approver, token, code, link }
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

/** A request judged by today's access file: the statements an approver is shown and a grant is made of, the people who may decide. */
export function judgedNow({ access }: Pick<Telling, 'access'>, request: Request): Allowed {
  const { entitlement, durationSeconds, parameters, earliestStart, requester, askedAt } = request
  const evaluation = evaluate(access, requester, { entitlement, durationSeconds, parameters, earliestStart }, askedAt)
  if (evaluation.outcome === 'refused') throw new RulesChangedError(request.id, evaluation.detail)
  return evaluation
}

/** The access file of today refuses what the one of the request let in. */
export class RulesChangedError extends Error {
  override readonly name = 'RulesChangedError'

  constructor(requestId: string, detail: string) {
    super(`request ${requestId} would be refused now: ${detail}`)
  }
}

/** The stage that waits for its people, if the request waits at all. */
export function openStage(request: Request): AskedStage | undefined {
  if (request.status !== 'PENDING') return undefined
  const verdict = standing(request.stages, request.decisions)
  return verdict.outcome === 'open' ? verdict.stage : undefined
}
