import type { Counts, Edition } from './manifest.ts'

/** A finished production: what the newest readable pack of a period holds. */
export interface Pack {
  readonly version: number
  readonly producedAt: Date
  readonly counts: Counts
  readonly chain: 'intact' | 'broken'
  readonly lingering: number
}

/** Where the review of one period stands. `version` and `status` are of the newest production, `pack` of the newest finished one. */
export interface ReviewRecord extends Edition {
  readonly status: 'PRODUCING' | 'READY' | 'FAILED'
  /** Person id, or `schedule`. */
  readonly requestedBy: string
  readonly requestedAt: Date
  readonly pack?: Pack | undefined
  readonly failure?: string | undefined
}
