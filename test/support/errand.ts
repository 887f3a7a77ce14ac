import { type AccessFile, own } from '../../lambdas/domain/access-file.ts'
import type { Activity } from '../../lambdas/domain/activity/activity.ts'
import { closeBooks } from '../../lambdas/domain/activity/close-books.ts'
import { decide } from '../../lambdas/domain/decide.ts'
import type { RefusalCode } from '../../lambdas/domain/evaluate.ts'
import { plusSeconds } from '../../lambdas/domain/instant.ts'
import type { LedgerEvent } from '../../lambdas/domain/ledger.ts'
import {
  type Asked,
  activate,
  type Beginning,
  begin,
  cancel,
  end,
  giveUp,
  note,
  refuse,
} from '../../lambdas/domain/lifecycle.ts'
import type { Statement } from '../../lambdas/domain/parameters.ts'
import type { AskedStage, Receipt, Request } from '../../lambdas/domain/request.ts'

/** What a person asks for and what becomes of it. */
export interface Errand {
  readonly requester: string
  readonly entitlement: string
  readonly at: Date
  readonly seconds: number
  readonly from: string
  readonly becomes: 'granted' | 'denied' | 'cancelled' | 'unanswered' | RefusalCode
  readonly approver: string
  readonly answeredAfterSeconds: number
  readonly answeredFrom: string
  readonly isUnused?: boolean
  /** Not all that was done could be read. */
  readonly isCut?: boolean
  /** How often the grant is prolonged. */
  readonly extensions?: number
  readonly violations?: number
  readonly hasDrift?: boolean
  readonly endsOutside?: boolean
}

/** One event, as a watcher is shown it. */
export interface Told {
  readonly event: LedgerEvent
  readonly events: readonly LedgerEvent[]
  readonly request: Request
}

const HOUR = 3600
const STATEMENTS: readonly Statement[] = [{ actions: ['rds:DescribeDBInstances'], resources: ['*'] }]
let made = 0

/** The events of an errand and of its extensions, by the real steps of a request. */
export function story(access: AccessFile, errand: Errand, prolongs?: Request): readonly Told[] {
  const told = oneStory(access, errand, prolongs)
  const { extensions = 0 } = errand
  const last = told.at(-1)?.request
  if (extensions === 0 || !last?.grant) return told
  const at = plusSeconds(last.grant.notAfter, -300)
  return [
    ...told,
    ...story(
      access,
      { ...errand, at, answeredAfterSeconds: Math.min(120, errand.answeredAfterSeconds), extensions: extensions - 1 },
      last,
    ),
  ]
}

function oneStory(access: AccessFile, errand: Errand, prolongs: Request | undefined): readonly Told[] {
  const { requester, approver, becomes, at, seconds: durationSeconds, from } = errand
  const asked = askedBy(errand, prolongs)
  const stages = stagesOf(access, errand)
  const beginning =
    becomes === 'granted' || becomes === 'denied' || becomes === 'cancelled' || becomes === 'unanswered'
      ? begin(
          asked,
          {
            outcome: 'allowed',
            rule: 'team',
            durationSeconds,
            maximumSeconds: 4 * HOUR,
            stages,
            statements: STATEMENTS,
          },
          plusSeconds(at, 4 * HOUR),
        )
      : refuse(asked, { outcome: 'refused', code: becomes, rule: 'team', detail: 'no', wouldPass: 'another' })
  const told = new Telling({ ...beginning, event: withFrom(beginning.event, from) })
  if (told.request.status === 'REFUSED') return told.all
  const owners = stages[0]?.approvers ?? []
  told.and(
    note(told.request, {
      type: 'approvers-asked',
      at: plusSeconds(at, 2),
      actor: { service: 'approval' },
      details: { stage: 'owners', approvers: owners },
    }),
  )
  if (becomes === 'cancelled') return told.and(cancel(told.request, requester, plusSeconds(at, 600))).all
  if (becomes === 'unanswered') return told.and(giveUp(told.request, plusSeconds(at, 4 * HOUR))).all
  const decidedAt = plusSeconds(at, 2 + errand.answeredAfterSeconds)
  told.and(decided(told.request, { ...errand, approver }, decidedAt))
  if (becomes === 'denied') return told.all
  told.and(activate(told.request, plusSeconds(grantOf(told.request).notBefore, 3)))
  return afterwards(told, errand)
}

function afterwards(
  told: Telling,
  { hasDrift, endsOutside, isUnused = false, isCut = false, violations = 0 }: Errand,
): readonly Told[] {
  const { notBefore, notAfter } = grantOf(told.request)
  if (hasDrift)
    told.and(
      note(told.request, {
        type: 'drift-removed',
        at: plusSeconds(notBefore, 60),
        actor: { service: 'sweep' },
        details: { from: ['user/mallory'] },
      }),
    )
  const receipt = receiptOf(told.request, endsOutside ? plusSeconds(notBefore, 120) : plusSeconds(notAfter, 1))
  told.and(end(told.request, endsOutside ? 'external' : 'expired', receipt, { service: 'revoker' }))
  const closedAt = plusSeconds(receipt.verifiedAt, 2 * HOUR)
  return told.and(
    closeBooks(told.request, activityOf(told.request, closedAt, { isUnused, isCut, violations }), closedAt),
  ).all
}

/** A request as it is told, step by step. */
class Telling {
  readonly all: Told[]

  constructor({ to: request, event }: Beginning) {
    this.all = [{ event, events: [event], request }]
  }

  get request(): Request {
    const last = this.all.at(-1)
    if (!last) throw new Error('a telling has a beginning')
    return last.request
  }

  and({ to: request, event }: Beginning): this {
    this.all.push({ event, events: [...(this.all.at(-1)?.events ?? []), event], request })
    return this
  }
}

function askedBy(
  { requester, entitlement, seconds: durationSeconds, at }: Errand,
  prolongs: Request | undefined,
): Asked {
  made += 1
  return {
    id: `01${String(made).padStart(24, '0')}`,
    requester,
    principal: { arn: `arn:aws:iam::111122223333:user/people/${requester}`, uniqueId: 'AIDAEXAMPLE' },
    ask: {
      entitlement,
      parameters: {},
      durationSeconds,
      ...(prolongs?.grant && { extends: prolongs.id, earliestStart: prolongs.grant.notAfter }),
    },
    reason: 'the errand of the day',
    accessHash: '0'.repeat(64),
    at,
  }
}

function stagesOf(access: AccessFile, { entitlement, requester, approver }: Errand): readonly AskedStage[] {
  const { approvers = [] } = own(access.entitlements, entitlement)?.stages[0] ?? {}
  const others = approvers.filter(id => id !== requester)
  return [{ name: 'owners', quorum: 1, approvers: [...new Set([...others, approver])] }]
}

function decided(request: Request, { approver, becomes, answeredFrom }: Errand, at: Date): Beginning {
  const decision = becomes === 'denied' ? 'deny' : 'approve'
  const today = {
    hash: 'seen',
    statements: STATEMENTS,
    stages: request.stages,
    shortestGrantSeconds: 300,
    assurance: 'link',
    hold: undefined,
  } as const
  const deciding = decide(request, { decision, approver, at, seen: 'seen' }, today)
  if (deciding.outcome === 'refused') throw new Error(`the decision is refused: ${deciding.detail}`)
  const { to, event } = deciding.transition
  return { to, event: withFrom(event, answeredFrom) }
}

/** With the address it came from, as the handlers write it. */
function withFrom(event: LedgerEvent, from: string): LedgerEvent {
  return { ...event, details: { ...event.details, from } }
}

function activityOf(
  request: Request,
  readAt: Date,
  { isUnused, isCut, violations }: Required<Pick<Errand, 'isUnused' | 'isCut' | 'violations'>>,
): Activity {
  const { notBefore: from, notAfter: until } = grantOf(request)
  return {
    requestId: request.id,
    state: 'final',
    readAt,
    coverage: { events: 'management', regions: ['eu-central-1'], from, until, pages: 1, isCut, unreadable: 0 },
    grantUse: isUnused ? 'not-seen' : 'used',
    granted: [],
    actions: [],
    resources: [],
    violations: [],
    leftOut: { actions: 0, resources: 0, violations },
  }
}

function receiptOf(request: Request, verifiedAt: Date): Receipt {
  return { policyArn: grantOf(request).policyArn, verifiedAt, policy: 'NoSuchEntity', detached: 1 }
}

function grantOf({ id, status, grant }: Request) {
  if (!grant) throw new Error(`request ${id} is ${status} and has no grant`)
  return grant
}
