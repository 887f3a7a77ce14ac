import { approvals } from './approvals.ts'
import { chain } from './chain.ts'
import { durations } from './durations.ts'
import { inventory } from './inventory.ts'
import { lookingThrough } from './lens.ts'
import { sessions } from './sessions.ts'
import { timeLimits } from './time-limits.ts'
import { unfenced } from './unfenced.ts'
import { volume } from './volume.ts'

/** The questions of the check-in. One more question is one more file and one more line here. */
export const questions = lookingThrough(inventory)
  .and(sessions)
  .and(volume)
  .and(durations)
  .and(timeLimits)
  .and(unfenced)
  .and(approvals)
  .and(chain)

/** The answers of all lenses. */
export type Review = ReturnType<(typeof questions)['finish']>
