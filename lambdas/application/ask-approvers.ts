import type { AskInput } from '../contract/workflow.ts'
import { own } from '../domain/access-file.ts'
import { type StandIn, standInsOf } from '../domain/asked-stages.ts'
import type { EarlierRequests } from '../domain/earlier-requests.ts'
import { RequestMissingError, TokenNotKeptError } from '../domain/errors.ts'
import { type Escalation, escalationOf, mustPassOn, onLadder, othersToAsk, unreachedIn } from '../domain/escalation.ts'
import { plusSeconds, toInstant } from '../domain/instant.ts'
import { note } from '../domain/lifecycle.ts'
import type { AskedStage, Request } from '../domain/request.ts'
import { standing } from '../domain/stages.ts'
import { approveWithoutPeople, type WithoutPeopleDeps } from './approve-without-people.ts'
import { earlierRequests } from './earlier-requests.ts'
import { type Invitation, type InvitingDeps, invitationsTo } from './invitations.ts'
import type { Message } from './ports/announcer.ts'
import type { LinkStore } from './ports/link-store.ts'
import type { History } from './ports/request-store.ts'
import { advance } from './record.ts'
import { tell, toRequester, unsentOf } from './tell.ts'
import { tellOfFailedMail } from './tell-of-failed-mail.ts'
import { answerWait, type WakeDeps } from './wake.ts'

export interface AskApproversDeps extends WithoutPeopleDeps, WakeDeps, InvitingDeps {
  readonly links: LinkStore
  /** `https://…` without a slash at its end; `/decide/{token}` follows. */
  readonly publicUrl: string
}

/** Who is mailed at the beginning of a wait: the people of the stage for the first time, once more, or those it has gone on to. */
interface Turn {
  readonly stage: AskedStage
  readonly people: readonly string[]
  readonly isReminder: boolean
  /** Where the stage has gone on to others, and they are the ones to mail. */
  readonly escalation?: Escalation | undefined
  /** Those before them who have not answered and get their mail: they are told. */
  readonly told: readonly string[]
}

/**
 * Asks the people of the open stage by mail, each with a link of their own. Called when the execution begins to wait and again
 * after each climb of the ladder (`rung` > 0), each time with the token of the wait that has just begun.
 *
 *   keep token → read the request → (needs nobody? approve) → (answered already? wake the execution) → (a mail bounced? pass it on)
 *     → keep links → record → mail
 *
 * The token is kept before the request is read: an answer or a bounce in between finds either the new token, or is found here.
 */
export async function askApprovers(
  deps: AskApproversDeps,
  { requestId, taskToken, ask }: Pick<AskInput, 'requestId' | 'taskToken' | 'ask'>,
) {
  const { store, taskTokens, clock, links } = deps
  const now = clock.now()
  try {
    await taskTokens.keep(requestId, taskToken, plusSeconds(now, ask.timeoutSeconds))
  } catch (cause) {
    throw new TokenNotKeptError(requestId, { cause })
  }
  const history = await store.history(requestId)
  if (!history) throw new RequestMissingError(requestId)
  const request = ask.rung === 0 ? await approveWithoutPeople(deps, history.request) : history.request
  const stage = openStage(request)
  if (!stage) return wake(deps, request, taskToken)
  const on = onLadder(request, stage, history.events)
  if (ask.rung > 0 && on && mustPassOn(on)) return passOn(deps, taskToken)
  const turn = turnOf({ ...history, request }, stage, ask)
  if (!turn) return { outcome: 'waiting' } as const
  const earlier = await earlierRequests(deps, request)
  const invitations = invitationsTo(deps, request, stage, turn.people)
  await links.put(invitations.flatMap(({ byLink }) => byLink?.link ?? []))

  const recorded = await advance(store, requestId, current => {
    if (openStage(current)?.name !== stage.name) return { stop: 'moved-on' }
    const type = turn.isReminder ? 'approvers-reminded' : 'approvers-asked'
    const details = {
      stage: stage.name,
      approvers: turn.people,
      answerBy: toInstant(current.answerBy),
      inPlaceOf: standInDetails(standInsOf(deps.access, current, stage.name), turn.people),
    }
    return note(current, { type, at: now, actor: { service: 'approval' }, details })
  })
  if (recorded.outcome === 'stopped') return wake(deps, recorded.request, taskToken)
  return mail(deps, recorded.transition.to, { turn, invitations, earlier, taskToken })
}

/** No approver could be mailed. The workflow fails the request and says so, instead of waiting for an answer nobody was asked for. */
export class NobodyAskedError extends Error {
  override readonly name = 'NobodyAskedError'

  constructor(requestId: string) {
    super(`no approver of request ${requestId} could be mailed`)
  }
}

/** Undefined where this wait begins without a mail. */
function turnOf({ request, events }: History, stage: AskedStage, { rung, begins }: AskInput['ask']): Turn | undefined {
  if (begins === 'quietly') return undefined
  if (begins !== 'escalated') return { stage, people: stage.approvers, isReminder: rung > 0, told: [] }
  const escalation = escalationOf(stage, events)
  if (!escalation) return undefined
  const answered = request.decisions.map(({ approver }) => approver)
  const others = new Set([...escalation.to, ...answered, ...unreachedIn(request, stage, events)])
  const told = stage.approvers.filter(id => !others.has(id))
  return { stage, people: escalation.to, isReminder: false, escalation, told }
}

function standInDetails(standIns: readonly StandIn[], asked: readonly string[]) {
  const mailed = standIns.filter(({ approver }) => asked.includes(approver))
  return mailed.length === 0 ? undefined : mailed.map(standIn => ({ ...standIn }))
}

/** The answer was there before the wait: the execution goes on with it at once. */
async function wake({ workflow }: AskApproversDeps, request: Request, taskToken: string) {
  await answerWait(workflow, taskToken, request)
  return { outcome: 'answered-already', status: request.status } as const
}

async function passOn({ workflow }: AskApproversDeps, taskToken: string) {
  await workflow.askOthers(taskToken)
  return { outcome: 'passed-on' } as const
}

async function mail(
  deps: AskApproversDeps,
  request: Request,
  {
    turn,
    invitations,
    earlier,
    taskToken,
  }: {
    readonly turn: Turn
    readonly invitations: readonly Invitation[]
    readonly earlier: EarlierRequests
    readonly taskToken: string
  },
) {
  const { stage, isReminder, escalation } = turn
  const asks = invitations.map(invitation => messageTo(deps, { request, turn, earlier }, invitation))
  const unsent = await unsentOf(deps, request.id, asks)
  const sent = asks.length - unsent.length
  const isFirstTime = !isReminder && !escalation
  const others = othersToAsk(request, stage)
  if (isFirstTime && sent === 0 && others.length === 0) throw new NobodyAskedError(request.id)
  await tell(deps, request.id, toldFurther(deps, request, turn))
  if (isFirstTime && request.decisions.length === 0)
    await tell(deps, request.id, toRequester(deps.access, request, 'asked'))
  // Mails are out: a wait that cannot be ended now is not given up for it. The next climb sees the mail that failed.
  const isPassedOn = unsent.length > 0 && others.length > 0
  const wakeFailure = isPassedOn ? await failureOf(passOn(deps, taskToken)) : undefined
  for (const { kind: failedKind, to: recipient } of isPassedOn ? [] : unsent) {
    await tellOfFailedMail(deps, request, { recipient, failedKind, how: 'not-sent', at: deps.clock.now() })
  }
  return { outcome: 'asked', approvers: invitations.length, sent, wakeFailure } as const
}

async function failureOf(work: Promise<unknown>): Promise<unknown> {
  try {
    await work
    return undefined
  } catch (error) {
    return error
  }
}

function messageTo(
  { publicUrl }: AskApproversDeps,
  {
    request,
    turn: { isReminder, escalation },
    earlier,
  }: { readonly request: Request; readonly turn: Turn; readonly earlier: EarlierRequests },
  { approver: to, byLink }: Invitation,
): Message {
  const about = { request, to, isReminder, earlier, ...(escalation && { escalation }) }
  if (!byLink) return { ...about, kind: 'signature-asked' }
  const { token, code, link } = byLink
  return { ...about, kind: 'approval-asked', url: `${publicUrl}/decide/${token}`, code, linkExpiresAt: link.expiresAt }
}

function toldFurther({ access }: AskApproversDeps, request: Request, { escalation, told }: Turn): readonly Message[] {
  if (!escalation) return []
  return told
    .flatMap(id => own(access.people, id) ?? [])
    .map((to): Message => ({ kind: 'escalated-further', to, request, escalation }))
}

/** The stage that waits for its people, if the request waits at all. */
export function openStage(request: Request): AskedStage | undefined {
  if (request.status !== 'PENDING') return undefined
  const verdict = standing(request.stages, request.decisions)
  return verdict.outcome === 'open' ? verdict.stage : undefined
}
