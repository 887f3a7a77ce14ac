import { type AccessFile, own } from '../domain/access-file.ts'
import { othersToAsk } from '../domain/escalation.ts'
import type { Allowed } from '../domain/evaluate.ts'
import { answerByOf, firstRungAt } from '../domain/ladder.ts'
import { type Asked, type Beginning, begin } from '../domain/lifecycle.ts'
import { offHoursOf } from '../domain/off-hours.ts'
import type { Request } from '../domain/request.ts'

/** The first step of a request that is let in: by when it is to be answered, and what of it lies outside working hours. */
export function beginRequest({ entitlements, hours }: AccessFile, asked: Asked, allowed: Allowed): Beginning {
  const { ask, at } = asked
  const ladder = own(entitlements, ask.entitlement)?.ladder
  const answerBy = ladder ? answerByOf(ladder, hours, at) : at
  const { durationSeconds } = allowed
  return begin(
    asked,
    allowed,
    answerBy,
    offHoursOf(hours, { askedAt: at, earliestStart: ask.earliestStart, durationSeconds }),
  )
}

/** How long the execution of a request waits for its first stage before it climbs. */
export function firstWaitSeconds({ entitlements, hours }: AccessFile, request: Request): number {
  const ladder = own(entitlements, request.entitlement)?.ladder
  const [stage] = request.stages
  if (!ladder) return 1
  const { askedAt: stageAskedAt, answerBy } = request
  const canEscalate = stage !== undefined && othersToAsk(request, stage).length > 0
  const rung = firstRungAt(ladder, hours, { stageAskedAt, answerBy, canEscalate })
  return Math.max(1, Math.ceil((rung.getTime() - stageAskedAt.getTime()) / 1000))
}
