import type { Person } from '../../domain/access-file.ts'
import type { Request } from '../../domain/request.ts'

/** Elevations of a span of time, and what is still to be looked at. */
export interface Digest {
  readonly from: Date
  readonly until: Date
  /** Oldest grant first. */
  readonly elevations: readonly Request[]
  /** Whether there were more than are looked through. */
  readonly isCut: boolean
  /** Findings that nobody has closed yet, whenever they were opened; absent when there are none. */
  readonly findings?: OpenFindings | undefined
}

export interface OpenFindings {
  readonly count: number
  readonly oldest: Date
}

/** Tells one administrator. Throws when the mail could not be handed over. */
export interface DigestMailer {
  send(to: Person, digest: Digest): Promise<void>
}
