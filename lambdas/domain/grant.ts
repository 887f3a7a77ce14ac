import { digest, type Json } from './digest.ts'
import { documentHash, fenced, type PolicyDocument } from './fence.ts'
import { isOver, plusSeconds, toInstant, wholeSeconds } from './instant.ts'
import type { Statement } from './parameters.ts'
import { principalJson, userIdOf } from './principal.ts'
import type { AskedStage, Grant, Request } from './request.ts'

/** Every policy Lapse makes lies under this path, and nothing else does. */
export const GRANT_PATH = '/lapse/grant/'

/**
 * The intent of an approved request: its window, the ARN its policy will have and the hash its document will have.
 * Fixed here, once; no later step computes `now + duration`, so a retried step cannot lengthen a grant.
 * The end stands in the policy's path, so that what is due can be found by listing policies alone.
 */
export function intend(request: Request, statements: readonly Statement[], approvedAt: Date): Grant {
  const { earliestStart, principal, id, asIs } = request
  const asked = earliestStart && !isOver(earliestStart, approvedAt) ? earliestStart : approvedAt
  const notBefore = wholeSeconds(asked)
  const notAfter = plusSeconds(notBefore, allowedSeconds(request))
  if (asIs) return { notBefore, notAfter, ...asIs }
  const [, partition, , , account] = principal.arn.split(':')
  return {
    notBefore,
    notAfter,
    policyArn: `arn:${partition}:iam::${account}:policy${pathOf(notAfter)}${id}`,
    documentHash: documentHash(documentFor(request, statements, { notBefore, notAfter })),
    statements,
  }
}

/** How long the grant of a request may last: what was asked for, or less if an approver allowed less. In seconds. */
export function allowedSeconds({ durationSeconds, decisions }: Pick<Request, 'durationSeconds' | 'decisions'>): number {
  return Math.min(durationSeconds, ...decisions.map(decision => decision.durationSeconds ?? Infinity))
}

/** The path of a grant's policy: `/lapse/grant/20270301T110000Z/`. */
export function pathOf(notAfter: Date): string {
  return `${GRANT_PATH}${toInstant(notAfter).replaceAll(/[-:]/g, '')}/`
}

/** The planned end in the ARN of a grant's policy, or undefined when the path is not one of Lapse's. */
export function endInPath(policyArn: string): Date | undefined {
  const parts = /\/(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z\/[^/]+$/.exec(policyArn)?.slice(1)
  if (!parts) return undefined
  const [year, month, day, hour, minute, second] = parts
  const end = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  return Number.isNaN(end.getTime()) ? undefined : end
}

/** The document of a request's grant, built anew from the catalogue's statements and the approved fields. */
export function documentFor(
  request: Request,
  statements: readonly Statement[],
  window: Pick<Grant, 'notBefore' | 'notAfter'>,
): PolicyDocument {
  const { principal } = request
  return fenced(statements, {
    ...window,
    userId: userIdOf(principal),
    sourceIdentity: principal.session?.sourceIdentity,
  })
}

/**
 * The hash of everything an approval covers; the statements by the hash of their document. It stands in the `approved` event, which nobody can change without breaking the
 * chain; the applier computes it again from the stored request, so a request changed after its approval is refused.
 */
export function approvalHash(request: Request, grant: Grant): string {
  return digest({
    id: request.id,
    requester: request.requester,
    principal: principalJson(request.principal),
    entitlement: request.entitlement,
    parameters: request.parameters,
    durationSeconds: request.durationSeconds,
    reason: request.reason,
    ticket: request.ticket,
    earliestStart: request.earliestStart && toInstant(request.earliestStart),
    askedAt: toInstant(request.askedAt),
    rule: request.rule,
    asIs: request.asIs && { ...request.asIs },
    accessHash: request.accessHash,
    answerBy: toInstant(request.answerBy),
    decisions: request.decisions.map(
      ({ decision, approver, at, comment, seen, durationSeconds, via }): Json => ({
        decision,
        approver,
        at: toInstant(at),
        comment,
        seen,
        durationSeconds,
        via,
      }),
    ),
    stages: request.stages.map(stageJson),
    automatic: request.automatic,
    isBreakGlass: request.isBreakGlass,
    extends: request.extends,
    debt: request.debt && { dueBy: toInstant(request.debt.dueBy), reviewers: request.debt.reviewers },
    grant: grantJson(grant),
  })
}

/** A stage as it stands in events and hashes. */
export function stageJson({ name, approvers, quorum, escalateTo, escalatedAt }: AskedStage) {
  return { name, approvers, quorum, escalateTo, escalatedAt: escalatedAt && toInstant(escalatedAt) }
}

/** What the approval of a request says in its event. `request` has all that was decided. */
export function approvalJson(request: Request, grant: Grant) {
  const statements = grant.statements?.map(statement => ({ ...statement }))
  return { grant: grantJson(grant), statements, approvalHash: approvalHash(request, grant) }
}

/** A grant as it stands in events and answers, which have its statements beside it. */
export function grantJson({ statements: _, ...grant }: Grant) {
  return { ...grant, notBefore: toInstant(grant.notBefore), notAfter: toInstant(grant.notAfter) }
}
