import * as z from 'zod/mini'
import { readEvent } from '../../lambdas/contract/rows.ts'
import { secondsOfIsoDuration } from '../../lambdas/domain/duration.ts'
import type { Ask } from '../../lambdas/domain/evaluate.ts'
import { eventHash } from '../../lambdas/domain/ledger.ts'
import { BrokenWorldError } from '../errors.ts'

/** A request of the ledger: what was asked, when, and what the access file of then said. */
export interface PastRequest {
  readonly requestId: string
  readonly requester: string
  readonly askedAt: Date
  readonly ask: Ask
  /** Hash of the access file it was judged by. */
  readonly accessHash: string
  readonly judged: PastJudgement
}

export type PastJudgement =
  | { readonly outcome: 'passed'; readonly rule: string; readonly stages: readonly PastStage[] }
  | { readonly outcome: 'refused'; readonly rule: string; readonly code: string }

export interface PastStage {
  readonly name: string
  readonly quorum: number
  readonly approvers: readonly string[]
}

const $Asked = z.object({
  entitlement: z.string(),
  parameters: z.record(z.string(), z.string()),
  duration: z.string(),
  earliestStart: z.optional(z.string()),
  breakGlass: z.optional(z.boolean()),
  extends: z.optional(z.string()),
  accessHash: z.string(),
  rule: z.string(),
})
const $Passed = z.extend($Asked, {
  stages: z.array(z.object({ name: z.string(), quorum: z.number(), approvers: z.array(z.string()) })),
})
const $Refused = z.extend($Asked, { code: z.string() })

/**
 * The request that an event of the ledger begins; undefined for every later event.
 *
 * @throws BrokenWorldError when it is no event, or not the one that was written: what is replayed must be what was asked.
 */
export function pastRequestOf(row: unknown, place: string): PastRequest | undefined {
  const event = eventAt(row, place)
  if (event.type !== 'asked' && event.type !== 'refused') return undefined
  if (eventHash(event) !== event.hash) throw new BrokenWorldError(`${place}: the event is not what was written`)
  if (!('person' in event.actor)) throw new BrokenWorldError(`${place}: nobody asked`)
  const { requestId, at, actor, details } = event
  const judged = event.type === 'asked' ? passed(details) : refused(details)
  if (!judged) throw new BrokenWorldError(`${place}: the event does not say what was asked`)
  const { asked, judgement } = judged
  const duration = secondsOfIsoDuration(asked.duration)
  return {
    requestId,
    requester: actor.person,
    askedAt: at,
    accessHash: asked.accessHash,
    ask: {
      entitlement: asked.entitlement,
      parameters: asked.parameters,
      // PT0S stands for a duration that nobody named in a request that was refused.
      ...(duration !== undefined && duration > 0 && { durationSeconds: duration }),
      ...(asked.earliestStart !== undefined && { earliestStart: new Date(asked.earliestStart) }),
      isBreakGlass: asked.breakGlass,
      extends: asked.extends,
    },
    judged: judgement,
  }
}

function passed(details: unknown) {
  const asked = $Passed.safeParse(details).data
  if (!asked) return undefined
  const judgement: PastJudgement = { outcome: 'passed', rule: asked.rule, stages: asked.stages }
  return { asked, judgement }
}

function refused(details: unknown) {
  const asked = $Refused.safeParse(details).data
  if (!asked) return undefined
  const judgement: PastJudgement = { outcome: 'refused', rule: asked.rule, code: asked.code }
  return { asked, judgement }
}

function eventAt(row: unknown, place: string) {
  try {
    return readEvent(row)
  } catch (cause) {
    throw new BrokenWorldError(`${place}: not an event of the ledger`, { cause })
  }
}
