import type { AccessFile } from '../domain/access-file.ts'
import { type Change, type ChangeVerdict, judgeChange } from '../domain/outside-change.ts'
import type { Metrics } from './ports/metrics.ts'
import type { SweepStarter } from './ports/sweep-starter.ts'

export interface NoteOutsideChangeDeps {
  readonly access: AccessFile
  readonly rolePrefix: string
  readonly sweeps: SweepStarter
  readonly metrics: Metrics
}

/**
 * Somebody changed something in IAM. If it is of what Lapse manages and not Lapse's own doing, a sweep looks at once, and the alarm
 * hears of it. The sweep comes first: it is what puts things right. Told twice, it sweeps twice, which does no harm.
 */
export async function noteOutsideChange(
  { access, rolePrefix, sweeps, metrics }: NoteOutsideChangeDeps,
  change: Change,
): Promise<ChangeVerdict> {
  const judged = judgeChange(access, change, rolePrefix)
  if (judged.verdict === 'outside') {
    await sweeps.start()
    await metrics.count({ OutsideChanges: 1 })
  }
  return judged
}
