import type { Request, Status } from './request.ts'
import { FARTHEST_START_SECONDS } from './timing.ts'

/** How long before its grant a request can have been asked: as far ahead as may be asked, or as long as people may take to answer. */
export const FARTHEST_ASK_SECONDS = FARTHEST_START_SECONDS + 5 * 86_400

const ELEVATED: ReadonlySet<Status> = new Set(['APPROVED', 'ACTIVE', 'ENDED'])

/** Whether the request's grant begins in the span (`from` ≤ begin < `until`) and was not taken back by a failure, which is told on its own. */
export function isElevationIn(
  { from, until }: { readonly from: Date; readonly until: Date },
  request: Request,
): boolean {
  const { status, grant } = request
  return ELEVATED.has(status) && grant !== undefined && grant.notBefore >= from && grant.notBefore < until
}
