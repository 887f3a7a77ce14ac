import { decide, type Today } from '../../lambdas/domain/decide.ts'
import { digest } from '../../lambdas/domain/digest.ts'
import type { Allowed } from '../../lambdas/domain/evaluate.ts'
import { plusSeconds } from '../../lambdas/domain/instant.ts'
import {
  type Asked,
  activate,
  type Beginning,
  begin,
  cancel,
  end,
  fail,
  giveUp,
  refuse,
} from '../../lambdas/domain/lifecycle.ts'
import type { Statement } from '../../lambdas/domain/parameters.ts'
import type { AskedStage, Decision, EndCause, Receipt, Request, Status } from '../../lambdas/domain/request.ts'
import { shownHash } from '../../lambdas/domain/shown.ts'
import { chance, userPath } from './an-access-file.ts'

/** Ten in the morning, when Alice asks unless a test says otherwise. */
export const ASKED_AT = new Date('2027-03-01T10:00:00Z')

export const STATEMENTS: readonly Statement[] = [{ actions: ['s3:GetObject'], resources: ['arn:aws:s3:::prod-logs/*'] }]

export interface RequestOverrides extends Partial<Omit<Asked, 'ask'>> {
  readonly entitlement?: string
  readonly parameters?: Asked['ask']['parameters']
  readonly durationSeconds?: number
  readonly earliestStart?: Date
  readonly rule?: string
  readonly stages?: readonly AskedStage[]
  readonly unansweredAfterSeconds?: number
}

/** A request as it is made: PENDING, of Alice, for an hour, waiting for Bob. */
export function aRequest(overrides: RequestOverrides = {}): Request {
  return aBeginning(overrides).to
}

/** The first step of a request, with its first event. */
export function aBeginning(overrides: RequestOverrides = {}): Beginning {
  const { rule = 'alice', stages = [{ name: 'owner', approvers: ['bob'], quorum: 1 }] } = overrides
  const { durationSeconds = 3600, unansweredAfterSeconds = 14_400 } = overrides
  const allowed: Allowed = {
    outcome: 'allowed',
    rule,
    durationSeconds,
    maximumSeconds: Math.max(durationSeconds, 7200),
    stages,
    statements: STATEMENTS,
  }
  const about = asked(overrides)
  return begin(about, allowed, plusSeconds(about.at, unansweredAfterSeconds))
}

/** What a person asks, before it is judged. */
export function asked(overrides: RequestOverrides = {}): Asked {
  const { id = aUlid(), requester = 'alice', ticket, at = ASKED_AT, earliestStart, durationSeconds = 3600 } = overrides
  return {
    id,
    requester,
    principal: overrides.principal ?? {
      arn: `arn:aws:iam::111122223333:${userPath(requester)}`,
      uniqueId: `AIDA${chance.text('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', 17)}`,
    },
    ask: {
      entitlement: overrides.entitlement ?? 'logs-read',
      durationSeconds,
      parameters: overrides.parameters ?? {},
      ...(earliestStart && { earliestStart }),
    },
    reason: overrides.reason ?? chance.sentence(),
    ...(ticket !== undefined && { ticket }),
    accessHash: overrides.accessHash ?? digest(chance.sentence()),
    at,
  }
}

/** What an approver is shown of a request, and so what their decision must carry. */
export function shownOf(request: Request, statements: readonly Statement[] = STATEMENTS): Today {
  const hash = shownHash(request, statements)
  return { hash, statements, stages: request.stages, shortestGrantSeconds: 300, assurance: 'link', hold: undefined }
}

/** Bob's approval of exactly what he was shown, a quarter of an hour after the ask. */
export function aDecision(request: Request, overrides: Partial<Decision> = {}): Decision {
  const at = plusSeconds(request.askedAt, 900)
  return { decision: 'approve', approver: 'bob', at, seen: shownOf(request).hash, ...overrides }
}

/** The request after everyone its stages need has approved. */
export function anApprovedRequest(overrides: RequestOverrides & { readonly approvedAt?: Date } = {}): Request {
  const { approvedAt, ...ofRequest } = overrides
  let request = aRequest(ofRequest)
  for (const approver of request.stages.flatMap(({ approvers, quorum }) => approvers.slice(0, quorum))) {
    const at = approvedAt ?? plusSeconds(request.askedAt, 900)
    request = taken(decide(request, aDecision(request, { approver, at }), shownOf(request)))
  }
  return request
}

/** The request two seconds into its grant. */
export function anActiveRequest(overrides: Parameters<typeof anApprovedRequest>[0] = {}): Request {
  const request = anApprovedRequest(overrides)
  return activate(request, plusSeconds(grantOf(request).notBefore, 2)).to
}

/** The request after its end, removed one second after it was due. */
export function anEndedRequest(
  overrides: Parameters<typeof anApprovedRequest>[0] & { cause?: EndCause } = {},
): Request {
  const { cause = 'expired', ...rest } = overrides
  const request = anActiveRequest(rest)
  return end(request, cause, aReceipt(request), { service: 'revoker' }).to
}

/** A request in the given status, come there by the real steps. */
export function aRequestIn(status: Status, overrides: RequestOverrides = {}): Request {
  const pending = aRequest(overrides)
  const later = plusSeconds(pending.askedAt, 60)
  const ways: Record<Status, () => Request> = {
    PENDING: () => pending,
    APPROVED: () => anApprovedRequest(overrides),
    ACTIVE: () => anActiveRequest(overrides),
    ENDED: () => anEndedRequest(overrides),
    REFUSED: () => aRefusedRequest(overrides),
    DENIED: () => taken(decide(pending, aDecision(pending, { decision: 'deny' }), shownOf(pending))),
    UNANSWERED: () => giveUp(pending, pending.answerBy).to,
    CANCELLED: () => cancel(pending, pending.requester, later).to,
    FAILED: () => fail(pending, 'the attachment was refused', later, { service: 'applier' }).to,
  }
  return ways[status]()
}

/** Proof that the grant's policy is gone, read back one second after the grant's end. */
export function aReceipt(request: Request, overrides: Partial<Receipt> = {}): Receipt {
  const { policyArn, notAfter } = grantOf(request)
  return { policyArn, verifiedAt: plusSeconds(notAfter, 1), policy: 'NoSuchEntity', detached: 1, ...overrides }
}

/** The grant of a request that must have one. */
export function grantOf(request: Request) {
  if (!request.grant) throw new Error(`request ${request.id} is ${request.status} and has no grant`)
  return request.grant
}

function aRefusedRequest(overrides: RequestOverrides): Request {
  return refuse(asked(overrides), {
    outcome: 'refused',
    code: 'not-eligible',
    rule: 'default-deny',
    detail: 'no rule names alice',
    wouldPass: 'no entitlement is open to you',
  }).to
}

function taken(deciding: ReturnType<typeof decide>): Request {
  if (deciding.outcome === 'refused') throw new Error(`the decision is refused: ${deciding.detail}`)
  return deciding.transition.to
}

function aUlid(): string {
  return `01${chance.text('0123456789ABCDEFGHJKMNPQRSTVWXYZ', 24)}`
}
