import type { Message } from '../application/ports/announcer.ts'
import { partiesOf, readerOf } from '../application/tell.ts'
import type { AccessFile } from '../domain/access-file.ts'
import { render } from '../domain/parameters.ts'
import type { Request } from '../domain/request.ts'
import { adminsToldMail } from '../pages/mails/admins-told.ts'
import { approversAskedMail } from '../pages/mails/approvers-asked.ts'
import { approversRemindedMail } from '../pages/mails/approvers-reminded.ts'
import { askedMail } from '../pages/mails/asked.ts'
import { cancelledMail } from '../pages/mails/cancelled.ts'
import { deniedMail } from '../pages/mails/denied.ts'
import { endedMail } from '../pages/mails/ended.ts'
import { failedMail } from '../pages/mails/failed.ts'
import { grantedMail } from '../pages/mails/granted.ts'
import { linkVoidedMail } from '../pages/mails/link-voided.ts'
import type { Mail } from '../pages/mails/mail.ts'
import { unansweredMail } from '../pages/mails/unanswered.ts'

/** The mail that tells a message: the template of its kind, filled from the request and the access file. */
export function mailFor(access: AccessFile, message: Message): Mail {
  const { request, to } = message
  const { requester, entitlement } = partiesOf(access, request)
  const rendering = render(entitlement, request.parameters)
  const statements = rendering.outcome === 'rendered' ? rendering.statements : []
  const view = {
    organisation: access.organisation,
    request,
    requester,
    entitlement,
    statements,
    reader: readerOf(access, to),
  }
  switch (message.kind) {
    case 'approval-asked': {
      const link = { url: message.url, code: message.code, expiresAt: request.answerBy }
      return message.isReminder ? approversRemindedMail({ ...view, link }) : approversAskedMail({ ...view, link })
    }
    case 'asked':
      return askedMail({
        ...view,
        stages: request.stages.map(stage => ({ ...stage, approvers: namesOf(access, stage.approvers) })),
      })
    case 'granted':
      return grantedMail({ ...view, ...grantOf(request), approvals: approvalsOf(access, request) })
    case 'granted-to-admin':
      return adminsToldMail({ ...view, ...grantOf(request), approvals: approvalsOf(access, request) })
    case 'denied':
      return deniedMail({ ...view, denial: denialOf(access, request) })
    case 'unanswered':
      return unansweredMail({ ...view, silent: silentOf(access, request) })
    case 'cancelled':
      return cancelledMail({ ...view, cancelledAt: message.at })
    case 'ended':
      return endedMail({ ...view, ...grantOf(request), ...endingOf(request) })
    case 'failed':
      return failedMail({ ...view, why: message.why, receipt: request.ending?.receipt })
    case 'link-voided': {
      const others = silentOf(access, request).filter(name => name !== message.approver.name)
      return linkVoidedMail({ ...view, approver: message.approver.name, voidedAt: message.at, canStillAnswer: others })
    }
  }
}

function namesOf(access: AccessFile, ids: readonly string[]): readonly string[] {
  return ids.map(id => access.people[id]?.name ?? id)
}

function silentOf(access: AccessFile, { stages, decisions }: Request): readonly string[] {
  const answered = new Set(decisions.map(({ approver }) => approver))
  const asked = new Set(stages.flatMap(({ approvers }) => approvers))
  return namesOf(
    access,
    [...asked].filter(id => !answered.has(id)),
  )
}

function approvalsOf(access: AccessFile, { decisions }: Request) {
  return decisions.map(({ approver, at, comment }) => ({
    approver: access.people[approver]?.name ?? approver,
    at,
    comment,
  }))
}

function denialOf(access: AccessFile, request: Request) {
  const denial = request.decisions.find(({ decision }) => decision === 'deny')
  if (!denial) throw new RangeError(`request ${request.id} was not denied by anybody`)
  const { approver, at, comment } = denial
  return { approver: access.people[approver]?.name ?? approver, at, comment }
}

function grantOf({ id, grant }: Request) {
  if (!grant) throw new RangeError(`request ${id} has no grant`)
  return { grant }
}

function endingOf({ id, ending }: Request) {
  if (!ending?.cause) throw new RangeError(`the grant of request ${id} has not ended`)
  return { cause: ending.cause, receipt: ending.receipt }
}
