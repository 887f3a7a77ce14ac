import { switchesOf } from '../domain/findings/settings.ts'
import {
  type Change,
  type ChangeVerdict,
  changeInWords,
  judgeChange,
  NOBODY,
  sharedRights,
  subjectOf,
} from '../domain/outside-change.ts'
import { type OpenFindingDeps, openFinding } from './open-finding.ts'
import type { HoldersOf } from './ports/holders.ts'
import type { SweepStarter } from './ports/sweep-starter.ts'

export interface NoteOutsideChangeDeps extends OpenFindingDeps {
  readonly rolePrefix: string
  readonly sweeps: SweepStarter
  readonly iam: HoldersOf
}

/**
 * Somebody changed something in IAM. If it is of what Lapse manages and not Lapse's own doing, a sweep looks at once, and the alarm
 * hears of it, and it is a finding about whom it is of. The sweep comes first: it is what puts things right. Told twice, it sweeps
 * twice, which does no harm, and finds once.
 */
export async function noteOutsideChange(deps: NoteOutsideChangeDeps, change: Change): Promise<ChangeVerdict> {
  const { access, rolePrefix, sweeps, iam, metrics } = deps
  const shared = sharedRights(change)
  const holders = shared ? await iam.holdersOf(shared) : NOBODY
  const judged = judgeChange(access, change, rolePrefix, holders)
  if (judged.verdict === 'leave') return judged
  await sweeps.start()
  await metrics.count({ OutsideChanges: 1 })
  const { isOff, holds = false } = switchesOf(access.findings, 'outside-change')
  if (!isOff) {
    const occurrence = { at: change.at, detail: changeInWords(change) }
    const subject = subjectOf(access, change, holders)
    await openFinding(deps, { rule: 'outside-change', subject, alsoAbout: [change.by], holds, occurrence })
  }
  return judged
}
