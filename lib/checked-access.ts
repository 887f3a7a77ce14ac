import type { AccessFile } from '../lambdas/domain/access-file.ts'

/** The checked access file and its hash, as every function is built with it. */
export interface CheckedAccess {
  readonly access: AccessFile
  readonly hash: string
}
