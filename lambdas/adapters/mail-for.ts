import type { FailedMail, Message } from '../application/ports/announcer.ts'
import { partiesOf, readerOf } from '../application/tell.ts'
import type { AccessFile } from '../domain/access-file.ts'
import { render } from '../domain/parameters.ts'
import type { Request } from '../domain/request.ts'
import { circumstancesOf } from '../pages/circumstances-of.ts'
import { adminsToldMail } from '../pages/mails/admins-told.ts'
import { type ApproversAskedView, approversAskedMail } from '../pages/mails/approvers-asked.ts'
import { approversRemindedMail } from '../pages/mails/approvers-reminded.ts'
import { askedMail } from '../pages/mails/asked.ts'
import { breakGlassUsedMail } from '../pages/mails/break-glass-used.ts'
import { cancelledMail } from '../pages/mails/cancelled.ts'
import { debtClosedMail } from '../pages/mails/debt-closed.ts'
import { deniedMail } from '../pages/mails/denied.ts'
import { endNearMail } from '../pages/mails/end-near.ts'
import { endedMail } from '../pages/mails/ended.ts'
import { escalatedFurtherMail } from '../pages/mails/escalated-further.ts'
import { escalatedToYouMail } from '../pages/mails/escalated-to-you.ts'
import { failedMail } from '../pages/mails/failed.ts'
import { failedToAdminMail } from '../pages/mails/failed-to-admin.ts'
import { grantedMail } from '../pages/mails/granted.ts'
import { linkVoidedMail } from '../pages/mails/link-voided.ts'
import type { Mail } from '../pages/mails/mail.ts'
import { mailFailedToAdminMail } from '../pages/mails/mail-failed-to-admin.ts'
import { unansweredMail } from '../pages/mails/unanswered.ts'
import { approvalOf, shortenedOf, stageOf } from '../pages/stage-of.ts'

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
    shortened: shortenedOf(access, request),
  }
  switch (message.kind) {
    case 'approval-asked': {
      const { url, code, linkExpiresAt: expiresAt } = message
      return askingMail(access, message, { ...view, stage: stageOf(access, request), link: { url, code, expiresAt } })
    }
    case 'signature-asked':
      return askingMail(access, message, {
        ...view,
        stage: stageOf(access, request),
        needsMfa: entitlement.decisionMfa,
      })
    case 'escalated-further': {
      const { to: alsoAsked, why } = message.escalation
      return escalatedFurtherMail({ ...view, why, alsoAsked: namesOf(access, alsoAsked) })
    }
    case 'mail-failed-to-admin': {
      const canStillAnswer = request.status === 'PENDING' ? silentOf(access, request) : undefined
      return mailFailedToAdminMail({ ...view, ...failureOf(message), canStillAnswer })
    }
    case 'end-near':
      return endNearMail({ ...view, ...grantOf(request) })
    case 'asked':
      return askedMail({
        ...view,
        ...circumstancesOf(access, request, to.id),
        stages: request.stages.map(stage => ({ ...stage, approvers: namesOf(access, stage.approvers) })),
      })
    case 'granted':
      return grantedMail({
        ...view,
        ...grantOf(request),
        approvals: request.decisions.map(decision => approvalOf(access, decision)),
      })
    case 'granted-to-admin':
      return adminsToldMail({
        ...view,
        ...grantOf(request),
        approvals: request.decisions.map(decision => approvalOf(access, decision)),
      })
    case 'denied':
      return deniedMail({ ...view, denial: denialOf(access, request) })
    case 'unanswered':
      return unansweredMail({ ...view, silent: silentOf(access, request) })
    case 'break-glass-used':
      return breakGlassUsedMail({ ...view, ...grantOf(request), ...emergencyOf(access, message) })
    case 'debt-closed':
      return debtClosedMail({ ...view, ...reviewOf(access, request) })
    case 'cancelled':
      return cancelledMail({ ...view, cancelledAt: message.at })
    case 'ended':
      return endedMail({ ...view, ...grantOf(request), ...endingOf(request) })
    case 'failed-to-admin':
      return failedToAdminMail({ ...view, why: message.why, receipt: request.ending?.receipt })
    case 'failed':
      return failedMail({ ...view, why: message.why, receipt: request.ending?.receipt })
    case 'link-voided': {
      const others = silentOf(access, request).filter(name => name !== message.approver.name)
      return linkVoidedMail({ ...view, approver: message.approver.name, voidedAt: message.at, canStillAnswer: others })
    }
  }
}

type Asking = Extract<Message, { kind: 'approval-asked' | 'signature-asked' }>

function askingMail(access: AccessFile, message: Asking, asked: ApproversAskedView): Mail {
  const { request, to, isReminder, escalation, earlier } = message
  const view = { ...asked, ...circumstancesOf(access, request, to.id), ...earlier }
  if (!escalation) return isReminder ? approversRemindedMail(view) : approversAskedMail(view)
  const { why } = escalation
  const first = request.stages.find(({ escalatedAt, approvers }) => escalatedAt && approvers.includes(to.id))
  const firstAsked = first?.approvers.filter(id => !escalation.to.includes(id)) ?? []
  return escalatedToYouMail({ ...view, why, firstAsked: namesOf(access, firstAsked) })
}

function failureOf({ recipient, failedKind, how, at }: FailedMail): FailedMail {
  return { recipient, failedKind, how, at }
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

function emergencyOf(access: AccessFile, { request: { id, debt }, to }: Message) {
  if (!debt) throw new RangeError(`request ${id} owes no review`)
  return { debt, reviewers: namesOf(access, debt.reviewers), isReviewer: debt.reviewers.includes(to.id) }
}

function reviewOf(access: AccessFile, { id, debt }: Request) {
  if (!debt?.closed) throw new RangeError(`the review of request ${id} is not closed`)
  const { by, at, verdict, comment } = debt.closed
  return { reviewer: access.people[by]?.name ?? by, verdict, comment, closedAt: at }
}
