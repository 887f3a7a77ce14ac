import { own, type Person } from '../domain/access-file.ts'
import { RequestMissingError } from '../domain/errors.ts'
import { ASKING_MAILS, mustPassOn, onLadder, othersToAsk } from '../domain/escalation.ts'
import { wholeSeconds } from '../domain/instant.ts'
import { note } from '../domain/lifecycle.ts'
import type { MailFailure } from '../domain/mail-failure.ts'
import type { MetricName } from '../domain/metric-names.ts'
import type { Request } from '../domain/request.ts'
import { openStage } from './ask-approvers.ts'
import type { Metrics } from './ports/metrics.ts'
import type { History } from './ports/request-store.ts'
import { ContendedRequestError, MOST_ATTEMPTS } from './record.ts'
import type { Telling } from './tell.ts'
import { tellOfFailedMail } from './tell-of-failed-mail.ts'
import type { WakeDeps } from './wake.ts'

export interface TrackDeliveryDeps extends Telling, WakeDeps {
  readonly metrics: Metrics
}

/** What became of a mail after it was handed over. */
export interface MailFate {
  readonly how: Exclude<MailFailure, 'not-sent'> | 'delivery'
  /** The mail's id at the mail service. */
  readonly messageId: string
  /** What the mail service says of it: `Permanent/General`. */
  readonly why?: string | undefined
  /** What the mail was sent with; a mail of somebody else's has none. */
  readonly about?: { readonly requestId: string; readonly person: string; readonly kind: string } | undefined
}

export type Tracked = 'counted' | 'recorded' | 'passed-on' | 'repeated' | 'unknown'

const METRICS: Readonly<Record<MailFate['how'], MetricName>> = {
  delivery: 'MailDelivered',
  bounce: 'MailBounced',
  complaint: 'MailComplained',
  reject: 'MailRejected',
  delay: 'MailDelayed',
}

/**
 * Follows a mail to its end. One that did not arrive is counted and becomes an event of its request. If it asked for an answer that
 * is still waited for, others are asked at once; if there are none, or it asked for nothing, the administrators are told.
 *
 *   (nobody to pass it on to? tell the administrators) → record → (pass it on) → count
 *
 * The same fate told again does nothing but to pass on what a first run that broke off has not.
 */
export async function trackDelivery(deps: TrackDeliveryDeps, fate: MailFate): Promise<Tracked> {
  const { store, metrics } = deps
  const { how, about } = fate
  const history = how === 'delivery' ? undefined : about && (await store.history(about.requestId))
  if (how === 'delivery' || !about || !history) {
    const isOurs = how === 'delivery' && about !== undefined
    await metrics.count({ [METRICS[how]]: 1, ...(!isOurs && { MailUntracked: 1 }) })
    return isOurs ? 'counted' : 'unknown'
  }
  if (isRecorded(history, fate)) return afterwards(deps, history, 'repeated')
  const recipient = own(deps.access.people, about.person)
  if (recipient && how !== 'delay' && !isPassedOn(history.request, about)) {
    await tellOfFailedMail(deps, history.request, { ...failureOf(fate, recipient), how, at: deps.clock.now() })
  }
  const outcome = await afterwards(deps, await recorded(deps, about, fate), 'recorded')
  // Last: somebody else is asked whether or not this can be counted.
  await metrics.count({ [METRICS[how]]: 1 })
  return outcome
}

function failureOf({ about }: MailFate, recipient: Person) {
  return { recipient, failedKind: about?.kind ?? 'unknown' }
}

/** Whether the mail asked for an answer that is still waited for, and others can be asked for it. */
function isPassedOn(request: Request, { person, kind }: NonNullable<MailFate['about']>): boolean {
  const stage = openStage(request)
  const isAsking = ASKING_MAILS.some(asking => asking === kind)
  return isAsking && stage?.approvers.includes(person) === true && othersToAsk(request, stage).length > 0
}

function isRecorded({ events }: History, { messageId, how }: MailFate): boolean {
  return events.some(
    ({ type, details }) => type === 'mail-bounced' && details.message === messageId && details.how === how,
  )
}

/** Writes the event, once: whoever else writes in between is read before it is tried again. */
async function recorded(
  { store, clock }: TrackDeliveryDeps,
  { requestId, person, kind }: NonNullable<MailFate['about']>,
  fate: MailFate,
): Promise<History> {
  const { how, why, messageId } = fate
  const at = wholeSeconds(clock.now())
  const details = { kind, to: person, how, why, message: messageId }
  for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt += 1) {
    const history = await store.history(requestId)
    if (!history) throw new RequestMissingError(requestId)
    if (isRecorded(history, fate)) return history
    const transition = note(history.request, { type: 'mail-bounced', at, actor: { service: 'mail' }, details })
    if ((await store.commit(transition)) === 'won')
      return { request: transition.to, events: [...history.events, transition.event] }
  }
  throw new ContendedRequestError(requestId)
}

/** Ends the wait of the request if its stage is to be passed on; the execution then asks the others. */
async function afterwards<const Otherwise>(
  { taskTokens, workflow }: TrackDeliveryDeps,
  { request, events }: History,
  otherwise: Otherwise,
): Promise<Otherwise | 'passed-on'> {
  const stage = openStage(request)
  const on = stage && onLadder(request, stage, events)
  if (!on || !mustPassOn(on)) return otherwise
  const taskToken = await taskTokens.find(request.id)
  // No token yet: the function that asks is about to keep one, and looks for a mail that bounced after that.
  if (taskToken !== undefined) await workflow.askOthers(taskToken)
  return 'passed-on'
}
