import { type AccessFile, own } from '../domain/access-file.ts'
import { standInsOf } from '../domain/asked-stages.ts'
import { offHoursOf } from '../domain/off-hours.ts'
import type { Request } from '../domain/request.ts'
import { standing } from '../domain/stages.ts'
import type { ApproverView } from './request-view.ts'

/** What an approver is told of when it was asked, and in whose place they are: from the access file and the request alone. */
export function circumstancesOf(
  access: AccessFile,
  request: Request,
  approver: string,
): Pick<ApproverView, 'offHours' | 'windowOffHours' | 'inPlaceOf'> {
  const off = offHoursOf(access.hours, request)
  const open = standing(request.stages, request.decisions)
  const standIns = open.outcome === 'open' ? standInsOf(access, request, open.stage.name) : []
  const inPlaceOf = standIns
    .filter(standIn => standIn.approver === approver)
    .map(({ inPlaceOf: id, until, because }) => ({
      name: own(access.people, id)?.name ?? id,
      until: new Date(until),
      because,
    }))
  return { offHours: off?.asked, windowOffHours: off?.window, inPlaceOf }
}
