import * as z from 'zod/mini'
import { $Statement } from '../../lambdas/contract/statement.ts'
import type { EventAnswer, RequestAnswer, Statement } from '../api/answers.ts'

/** Who did something, and when. A service of Lapse has its name in brackets. */
export interface Origin {
  readonly at: string
  readonly by: string
}

/** The answer of one approver. */
export interface Approval extends Origin {
  readonly decision: string
  readonly stage?: string | undefined
  /** `link` or `signed`. */
  readonly via: string
  readonly comment?: string | undefined
  /** How long at most this approver allowed. */
  readonly duration?: string | undefined
  /** Whom they stood in for. */
  readonly inPlaceOf?: string | undefined
}

interface Answered {
  readonly decisions: RequestAnswer['decisions']
  readonly events: readonly EventAnswer[]
}

const DECIDING = ['decided', 'approved', 'denied']

/** The decisions with the stage each was given in, which only the ledger tells. */
export function approvalsOf({ decisions, events }: Answered): readonly Approval[] {
  return decisions.map(({ decision, approver, at, comment, duration, via = 'link' }) => {
    const event = events.find(({ type, actor }) => DECIDING.includes(type) && isOf(actor, approver))
    const stage = textOf(event?.details.stage)
    const inPlaceOf = replacedBy(events, approver)
    return { decision, by: approver, at, stage, via, comment, duration, inPlaceOf }
  })
}

/** What the approval granted, as its event tells it. */
export function grantedOf(events: readonly EventAnswer[]): readonly Statement[] | undefined {
  const approval = events.find(({ type }) => type === 'approved')
  return z.array($Statement).safeParse(approval?.details.statements).data
}

/** The first event of a kind. */
export function originOf(events: readonly EventAnswer[], type: string): Origin | undefined {
  const event = events.find(each => each.type === type)
  return event && { at: event.at, by: nameOf(event.actor) }
}

function nameOf(actor: EventAnswer['actor']): string {
  return 'person' in actor ? actor.person : `[${actor.service}]`
}

function isOf(actor: EventAnswer['actor'], person: string): boolean {
  return 'person' in actor && actor.person === person
}

const $StandIns = z.object({ inPlaceOf: z.array(z.object({ approver: z.string(), inPlaceOf: z.string() })) })

function replacedBy(events: readonly EventAnswer[], person: string): string | undefined {
  const standIns = events.flatMap(({ details }) => $StandIns.safeParse(details).data?.inPlaceOf ?? [])
  return standIns.find(({ approver }) => approver === person)?.inPlaceOf
}

/** What a detail of an event says, if it is a text. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}
