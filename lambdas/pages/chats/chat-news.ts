import type { EndCause } from '../../domain/request.ts'
import type { Fact } from '../request-facts.ts'
import { type Reader, readerTimes } from '../times.ts'

/** What chats are told of. */
export interface NewsView {
  readonly type: 'activated' | 'failed' | 'denied' | 'unanswered' | 'drift-removed'
  readonly at: Date
  readonly requestId: string
  /** Their name, or their id if they are no longer in the access file. */
  readonly requester: string
  readonly entitlement: string
  readonly breakGlass: boolean
  readonly grant?: { readonly notAfter: Date } | undefined
  readonly cause?: EndCause | undefined
  /** Of the organisation: a chat has readers in many zones. */
  readonly timezone: Reader['timezone']
}

/** A message to a chat, once; each chat's own form is made of it. */
export interface ChatNews {
  readonly headline: string
  readonly isAlarming: boolean
  readonly facts: readonly Fact[]
}

export function chatNews(view: NewsView): ChatNews {
  const { type, at, requestId, requester, entitlement, breakGlass, grant, timezone } = view
  const until = grant && type === 'activated' ? [fact('Until', readerTimes(grant.notAfter, timezone, 'second'))] : []
  return {
    headline: headlineOf(view),
    isAlarming: breakGlass || type === 'failed' || type === 'drift-removed',
    facts: [
      fact('Who', requester),
      fact('What', entitlement),
      fact('When', readerTimes(at, timezone, 'second')),
      ...until,
      fact('Request', requestId),
    ],
  }
}

function headlineOf({ type, requester, breakGlass }: NewsView): string {
  switch (type) {
    case 'activated':
      return breakGlass ? `Emergency access: ${requester}` : `Access granted: ${requester}`
    case 'failed':
      return `Access could not be given: ${requester}`
    case 'denied':
      return `Request denied: ${requester}`
    case 'unanswered':
      return `Nobody answered: ${requester}`
    case 'drift-removed':
      return `Taken away what Lapse had not given: grant of ${requester}`
  }
}

function fact(label: string, value: string): Fact {
  return { label, values: [value] }
}
