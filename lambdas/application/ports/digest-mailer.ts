import type { Person } from '../../domain/access-file.ts'
import type { Request } from '../../domain/request.ts'

/** Elevations of a span of time. */
export interface Digest {
  readonly from: Date
  readonly until: Date
  /** Oldest grant first. */
  readonly elevations: readonly Request[]
  /** Whether there were more than are looked through. */
  readonly isCut: boolean
}

/** Tells one administrator. Throws when the mail could not be handed over. */
export interface DigestMailer {
  send(to: Person, digest: Digest): Promise<void>
}
