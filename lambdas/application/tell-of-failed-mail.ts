import { peopleOf } from '../domain/access-file.ts'
import type { Request } from '../domain/request.ts'
import type { FailedMail, Message } from './ports/announcer.ts'
import { type Telling, tell } from './tell.ts'

/** The mail this sends; one of them that fails is told to nobody, or two administrators without a mailbox would never be done. */
export const FAILED_MAIL_KIND = 'mail-failed-to-admin'

/** Tells the administrators that a mail did not arrive; not the one it was for, whom a mail does not reach. */
export async function tellOfFailedMail(deps: Telling, request: Request, failed: FailedMail): Promise<void> {
  if (failed.failedKind === FAILED_MAIL_KIND) return
  const admins = peopleOf(deps.access, deps.access.admins).filter(({ id }) => id !== failed.recipient.id)
  await tell(
    deps,
    request.id,
    admins.map((to): Message => ({ kind: FAILED_MAIL_KIND, to, request, ...failed })),
  )
}
