import { own, peopleOf } from '../domain/access-file.ts'
import { approveByRule, type Ground } from '../domain/approve-by-rule.ts'
import { fittingRules } from '../domain/automatic.ts'
import { debtOf } from '../domain/debt.ts'
import { RequestMissingError } from '../domain/errors.ts'
import type { Allowed } from '../domain/evaluate.ts'
import { evaluateAgain } from '../domain/evaluate-again.ts'
import { isOver } from '../domain/instant.ts'
import type { Request } from '../domain/request.ts'
import { type HeldDeps, heldRefusal } from './held-refusal.ts'
import type { Message } from './ports/announcer.ts'
import type { FreezeStore } from './ports/freeze-store.ts'
import { ContendedRequestError, MOST_ATTEMPTS } from './record.ts'
import { type Telling, tell } from './tell.ts'

export interface WithoutPeopleDeps extends Telling, HeldDeps {
  readonly freezes: Pick<FreezeStore, 'current'>
}

/**
 * Approves what needs nobody, an automatic ask or an emergency, before anybody is asked; gives the request as it then stands. Judged
 * once more by the access file of now: what no longer fits goes to people, and so does what is not an emergency of a person whom a
 * finding has begun to hold. How often the person had it was counted when it was asked.
 *
 *   still pending, not frozen, not held → judge → one transaction: request + event (+ the debt of a review) → tell everybody of an emergency
 *
 * Doing it again after a failure finds the approval and tells of it again: told twice is better than never.
 *
 * Invariant: a person who owes a review is given nothing more in an emergency without a second person.
 */
export async function approveWithoutPeople(deps: WithoutPeopleDeps, request: Request): Promise<Request> {
  const approved = await approvedByRule(deps, request)
  if (approved.isBreakGlass && approved.debt && approved.status === 'APPROVED') {
    await tell(deps, approved.id, alarms(deps, approved))
  }
  return approved
}

async function approvedByRule(deps: WithoutPeopleDeps, asked: Request): Promise<Request> {
  const { store } = deps
  let request = asked
  for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt += 1) {
    const step = await approval(deps, request)
    if (!step) return request
    if ((await store.commit(step)) === 'won') return step.to
    const now = await store.find(request.id)
    if (!now) throw new RequestMissingError(request.id)
    request = now
  }
  throw new ContendedRequestError(request.id)
}

/** The approval of a request without people, or undefined where people are to be asked. */
async function approval(deps: WithoutPeopleDeps, request: Request) {
  const { access, freezes, clock } = deps
  const isForPeople = request.automatic === undefined && !request.isBreakGlass
  if (isForPeople || request.status !== 'PENDING' || request.decisions.length > 0) return undefined
  const at = clock.now()
  if (isOver(request.answerBy, at) || (await freezes.current())) return undefined
  if (await heldRefusal(deps, request.requester, request)) return undefined
  const allowed = evaluateAgain(access, request)
  if (allowed.outcome === 'refused') return undefined
  const ground = await groundFor(deps, request, allowed, at)
  return ground && approveByRule(request, ground, { statements: allowed.statements, at })
}

async function groundFor(
  { access, store }: WithoutPeopleDeps,
  request: Request,
  { emergency }: Allowed,
  at: Date,
): Promise<Ground | undefined> {
  const entitlement = own(access.entitlements, request.entitlement)
  if (!entitlement) return undefined
  if (!request.isBreakGlass) {
    const rule = fittingRules(access, entitlement, request, at).find(({ name }) => name === request.automatic)
    return rule && { kind: 'automatic', rule: rule.name }
  }
  const { breakGlass } = entitlement
  if (!emergency || !breakGlass || (await store.openDebtOf(request.requester))) return undefined
  return { kind: 'break-glass', debt: debtOf(breakGlass, emergency.reviewers, at) }
}

/** To administrators, to the approvers who were not asked, and to those who may close the review; to nobody twice. */
function alarms({ access }: WithoutPeopleDeps, request: Request): readonly Message[] {
  const asked = request.stages.flatMap(({ approvers, escalateTo = [] }) => [...approvers, ...escalateTo])
  const people = peopleOf(access, [...access.admins, ...asked, ...(request.debt?.reviewers ?? [])])
  return people
    .filter(({ id }) => id !== request.requester)
    .map((to): Message => ({ kind: 'break-glass-used', to, request }))
}
