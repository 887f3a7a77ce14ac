import * as z from 'zod/mini'
import { actionOf, type Call } from '../domain/activity/call.ts'
import { isInstant } from '../domain/instant.ts'

/** https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html */
const $Record = z.object({
  eventID: z.string().check(z.minLength(1)),
  eventTime: z.string().check(z.refine(isInstant)),
  eventSource: z.string().check(z.minLength(1)),
  eventName: z.string().check(z.minLength(1)),
  userIdentity: z.object({ principalId: z.optional(z.string()) }),
  readOnly: z.optional(z.nullable(z.union([z.boolean(), z.string()]))),
  errorCode: z.optional(z.nullable(z.string())),
  resources: z.optional(z.nullable(z.array(z.object({ ARN: z.optional(z.nullable(z.string())) })))),
})

const $File = z.object({ Records: z.array(z.unknown()) })

export interface TrailRecord extends Call {
  /** `AIDA…`, or `AROA…:session`; services and strangers have others, or none. */
  readonly principalId: string | undefined
}

/**
 * An event as LookupEvents gives it, or undefined when it is none.
 *
 * @param named resources that stand beside the event.
 */
export function readTrailEvent(text: string | undefined, named: readonly string[]): TrailRecord | undefined {
  return recordIn(jsonIn(text), named)
}

/** A file of a trail: the calls in it, and how many of its records are none. Text that is no such file is one unreadable record. */
export function readTrailFile(text: string): { readonly records: readonly TrailRecord[]; readonly unreadable: number } {
  const { data } = $File.safeParse(jsonIn(text))
  if (!data) return { records: [], unreadable: 1 }
  const records = data.Records.flatMap(each => recordIn(each, []) ?? [])
  return { records, unreadable: data.Records.length - records.length }
}

function recordIn(record: unknown, named: readonly string[]): TrailRecord | undefined {
  const { data } = $Record.safeParse(record)
  if (!data) return undefined
  const { eventID, eventTime, eventSource, eventName, userIdentity, readOnly, errorCode, resources } = data
  const arns = (resources ?? []).flatMap(({ ARN }) => ARN ?? [])
  return {
    eventId: eventID,
    action: actionOf(eventSource, eventName),
    at: new Date(eventTime),
    isReadOnly: readOnly === true || readOnly === 'true',
    ...(errorCode && { error: errorCode }),
    resources: [...new Set([...arns, ...named])],
    principalId: userIdentity.principalId,
  }
}

function jsonIn(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '')
  } catch {
    return undefined
  }
}
