import type { Person } from '../domain/access-file.ts'
import { sha256 } from '../domain/digest.ts'
import { evaluate } from '../domain/evaluate.ts'
import { note } from '../domain/lifecycle.ts'
import type { Statement } from '../domain/parameters.ts'
import type { AskedStage, Request } from '../domain/request.ts'
import { standing } from '../domain/stages.ts'
import type { Message } from './ports/announcer.ts'
import type { IdSource } from './ports/chance.ts'
import type { Link, LinkStore } from './ports/link-store.ts'
import type { TaskTokenStore, WorkflowAnswers } from './ports/workflow.ts'
import { advance } from './record.ts'
import { type Telling, tell, toRequester } from './tell.ts'

export interface AskApproversDeps extends Telling {
  readonly links: LinkStore
  readonly taskTokens: TaskTokenStore
  readonly workflow: WorkflowAnswers
  readonly ids: IdSource
  /** `https://…` without a slash at its end; `/decide/{token}` follows. */
  readonly publicUrl: string
}

/** The hash kept of a code: bound to its link, so a reader of the table cannot try codes without the token. */
export function codeHash(tokenHash: string, code: string): string {
  return sha256(`${tokenHash}:${code}`)
}

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
  input: { requestId: string; taskToken: string; rung: number },
) {
  const { store, taskTokens, clock } = deps
  const { requestId, taskToken, rung } = input
  const now = clock.now()
  const seen = await store.find(requestId)
  await taskTokens.keep(requestId, taskToken, seen?.answerBy ?? now)
  const recorded = await advance(store, requestId, request => {
    const stage = openStage(request)
    if (!stage) return { stop: request.status }
    const type = rung === 0 ? 'approvers-asked' : 'approvers-reminded'
    const details = { stage: stage.name, approvers: stage.approvers, answerBy: request.answerBy.toISOString() }
    return note(request, { type, at: now, actor: { service: 'approval' }, details })
  })
  if (recorded.outcome === 'stopped') return wake(deps, recorded.request, taskToken)
  return sendLinks(deps, recorded.transition.to, rung)
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
  await (request.status === 'APPROVED'
    ? workflow.approve(taskToken, request.id)
    : workflow.close(taskToken, request.status))
  return { outcome: 'answered-already', status: request.status } as const
}

async function sendLinks(deps: AskApproversDeps, request: Request, rung: number) {
  const { access, links, ids, publicUrl } = deps
  const codeRequired = access.entitlements[request.entitlement]?.codeRequired ?? true
  const approvers = (openStage(request)?.approvers ?? []).flatMap(id => access.people[id] ?? [])
  const invitations = approvers.map(approver => invite(ids, request, approver, codeRequired))
  await links.put(invitations.map(({ link }) => link))

  const asks = invitations.map(
    ({ approver, token, code }): Message => ({
      kind: 'approval-asked',
      to: approver,
      request,
      url: `${publicUrl}/decide/${token}`,
      code,
      isReminder: rung > 0,
    }),
  )
  const sent = await tell(deps, request.id, asks)
  if (sent === 0) throw new NobodyAskedError(request.id)
  if (rung === 0) await tell(deps, request.id, toRequester(access, request, 'asked'))
  return { outcome: 'asked', approvers: approvers.length, sent } as const
}

function invite(ids: IdSource, request: Request, approver: Person, codeRequired: boolean) {
  const token = ids.linkToken()
  const code = codeRequired ? ids.code() : undefined
  const tokenHash = sha256(token)
  const link: Link = {
    tokenHash,
    requestId: request.id,
    approver: approver.id,
    ...(code !== undefined && { codeHash: codeHash(tokenHash, code) }),
    expiresAt: request.answerBy,
    state: 'open',
    tries: 0,
  }
  return { approver, token, code, link }
}

/** The statements of a request by today's access file; what an approver is shown and a grant is made of. */
export function statementsOf({ access }: Pick<Telling, 'access'>, request: Request): readonly Statement[] {
  const { entitlement, durationSeconds, parameters, earliestStart, requester, askedAt } = request
  const evaluation = evaluate(access, requester, { entitlement, durationSeconds, parameters, earliestStart }, askedAt)
  if (evaluation.outcome === 'refused') throw new RulesChangedError(request.id, evaluation.detail)
  return evaluation.statements
}

/** The access file of today refuses what the one of the request let in. */
export class RulesChangedError extends Error {
  override readonly name = 'RulesChangedError'

  constructor(requestId: string, detail: string) {
    super(`request ${requestId} would be refused now: ${detail}`)
  }
}

function openStage(request: Request): AskedStage | undefined {
  if (request.status !== 'PENDING') return undefined
  const verdict = standing(request.stages, request.decisions)
  return verdict.outcome === 'open' ? verdict.stage : undefined
}
