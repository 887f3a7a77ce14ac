import type { AccessFile } from '../../lambdas/domain/access-file.ts'
import { toShortDuration } from '../../lambdas/domain/duration.ts'
import { type Evaluation, evaluate } from '../../lambdas/domain/evaluate.ts'
import { toInstant } from '../../lambdas/domain/instant.ts'
import type { ReadAccess } from '../access-file.ts'
import type { PastRequest, PastStage } from './past-request.ts'

/** What another access file would have said to a past request, at the instant it was asked. */
export type Replayed =
  | { readonly outcome: 'same' }
  /** Something else than the access file refused it, so there is nothing to compare. */
  | { readonly outcome: 'not-comparable'; readonly code: string }
  | Changed

export interface Changed {
  readonly outcome: 'now-refused' | 'now-passes' | 'changed'
  readonly requestId: string
  readonly requester: string
  readonly entitlement: string
  readonly askedAt: string
  readonly changes: readonly Change[]
}

export interface Change {
  readonly what: 'answer' | 'rule' | 'limit' | 'stages'
  readonly before: string
  readonly now: string
}

/** Refusals that the access file alone gives. Others depend on the day: a freeze, a quota, a cap. */
const BY_THE_FILE: ReadonlySet<string> = new Set([
  'unknown-entitlement',
  'not-eligible',
  'duration-too-long',
  'duration-too-short',
  'start-too-far',
  'parameter-refused',
  'no-approver',
  'no-reviewer',
])

/**
 * Judges a past request by the access file alone: what a person had had of late (caps, automatic rules) is not counted again.
 *
 * @param known the access file of the time, if it is at hand: limits stand in no event, so only with it can they be compared.
 */
export function replay(past: PastRequest, against: AccessFile, known: ReadAccess | undefined): Replayed {
  const { judged, requester, ask, askedAt } = past
  if (judged.outcome === 'refused' && !BY_THE_FILE.has(judged.code)) {
    return { outcome: 'not-comparable', code: judged.code }
  }
  const now = evaluate(against, requester, ask, askedAt)
  const changes = changesOf(past, now, known?.hash === past.accessHash ? known.access : undefined)
  if (changes.length === 0) return { outcome: 'same' }
  const outcome =
    judged.outcome === 'passed' && now.outcome === 'refused'
      ? 'now-refused'
      : judged.outcome === 'refused' && now.outcome === 'allowed'
        ? 'now-passes'
        : 'changed'
  const { requestId } = past
  return { outcome, requestId, requester, entitlement: ask.entitlement, askedAt: toInstant(askedAt), changes }
}

function changesOf(past: PastRequest, now: Evaluation, then: AccessFile | undefined): readonly Change[] {
  const { judged, requester, ask, askedAt } = past
  if (judged.outcome === 'refused' || now.outcome === 'refused') {
    const before = judged.outcome === 'refused' ? judged.code : 'passes'
    const after = now.outcome === 'refused' ? `${now.code}: ${now.detail}` : `passes by rule ${now.rule}`
    const isSame = judged.outcome === 'refused' && now.outcome === 'refused' && judged.code === now.code
    return isSame ? [] : [{ what: 'answer', before, now: after }]
  }
  const before = then && evaluate(then, requester, ask, askedAt)
  return [
    ...differing('rule', judged.rule, now.rule),
    ...(before?.outcome === 'allowed'
      ? differing('limit', toShortDuration(before.maximumSeconds), toShortDuration(now.maximumSeconds))
      : []),
    ...differing('stages', stagesText(judged.stages), stagesText(now.stages)),
  ]
}

function differing(what: Change['what'], before: string, now: string): readonly Change[] {
  return before === now ? [] : [{ what, before, now }]
}

/** The order of stages counts, that of the people in one does not. */
function stagesText(stages: readonly PastStage[]): string {
  return stages
    .map(({ name, quorum, approvers }) => `${name}: ${quorum} of ${[...approvers].sort().join(', ')}`)
    .join('; then ')
}
