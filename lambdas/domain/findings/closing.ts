import type { AccessFile } from '../access-file.ts'
import { toInstant, wholeSeconds } from '../instant.ts'
import type { Finding } from './finding.ts'
import { withClosed } from './found.ts'
import type { TrackRecord } from './track-record.ts'

/** What a person says of a finding they looked into. */
export interface Closing {
  /** Person id. */
  readonly by: string
  readonly at: Date
  readonly comment: string
}

export type Closed =
  | { readonly outcome: 'closed'; readonly finding: Finding; readonly record: TrackRecord }
  | { readonly outcome: 'refused'; readonly why: 'own-finding' | 'already-closed'; readonly detail: string }

/**
 * The finding closed, and the record of its subject without it: what it held is let go.
 *
 * Invariant: a person never closes a finding about themselves, or one that points at them too. One about an IAM principal is about
 * the person behind it.
 */
export function closeFinding(access: AccessFile, finding: Finding, record: TrackRecord, closing: Closing): Closed {
  const { subject, alsoAbout = [], closed } = finding
  const refused = (why: Extract<Closed, { outcome: 'refused' }>['why'], detail: string): Closed => ({
    outcome: 'refused',
    why,
    detail,
  })
  if (isAbout(access, subject, closing.by)) return refused('own-finding', 'nobody closes a finding about themselves')
  if (alsoAbout.some(other => isAbout(access, other, closing.by)))
    return refused('own-finding', 'nobody closes a finding that points at them')
  if (closed) return refused('already-closed', `${closed.by} closed it at ${toInstant(closed.at)}: ${closed.comment}`)
  const at = wholeSeconds(closing.at)
  return {
    outcome: 'closed',
    finding: { ...finding, closed: { ...closing, at } },
    record: withClosed(record, finding, at),
  }
}

/** A role that several people share is about none of them: else nobody might be left to close it. */
function isAbout(access: AccessFile, subject: string, personId: string): boolean {
  if (subject === personId) return true
  const path = subject.split(':').slice(5).join(':')
  const behind = Object.values(access.people).filter(
    ({ principals, sessions = [] }) => principals.includes(path) || sessions.some(({ role }) => role === path),
  )
  return behind.length === 1 && behind[0]?.id === personId
}
