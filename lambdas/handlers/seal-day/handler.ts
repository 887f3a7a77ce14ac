import { type SealDeps, type Sealed, sealDays } from '../../application/seal-days.ts'

/** Every night: what was staged of the days that are over goes into the archive, and a digest of each day is signed. */
export function createHandler(deps: SealDeps) {
  return async (): Promise<{ sealed: readonly Sealed[] }> => ({ sealed: await sealDays(deps) })
}
