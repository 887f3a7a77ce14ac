import type { AccessFile } from '../access-file.ts'
import type { Finding } from '../findings/finding.ts'
import type { Manifest, PackFile } from './manifest.ts'
import type { Review } from './review.ts'

/** All that the readable page of an edition is made of. */
export interface Report extends Omit<Manifest, 'counts' | 'chain' | 'lingering'> {
  readonly access: AccessFile
  readonly review: Review
  /** Those that were open at some time of the period. */
  readonly findings: readonly Finding[]
  /** The files beside the page, which cannot name its own hash: that is in the manifest. */
  readonly files: readonly PackFile[]
}
