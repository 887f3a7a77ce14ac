import * as z from 'zod'
import { $duration, $line, $members } from './formats.ts'

const $stage = z
  .strictObject({
    name: $line.describe('shown to requester and approvers'),
    approvers: $members.describe('who may answer; the requester never counts'),
    quorum: z.int().min(1).describe('how many of them must approve'),
    escalateTo: $members.optional().describe('who is asked too after escalateAfter, or as soon as a mail bounces'),
  })
  .describe('one step of approval')

export const $approval = z
  .strictObject({
    stages: z.array($stage).min(1).max(5).describe('one after the other; nobody counts in two of them'),
    remindAfter: $duration.describe('when approvers are reminded, counted from when their stage was asked'),
    escalateAfter: $duration
      .optional()
      .describe('when the people of escalateTo are asked too, counted like remindAfter'),
    unansweredAfter: $duration.describe('when an unanswered request is given up, counted from the ask; 24h at most'),
    within: z
      .enum(['always', 'hours'])
      .optional()
      .describe('hours: these times count only within the hours of the organisation; default: always'),
    assurance: z
      .enum(['link', 'signed'])
      .optional()
      .describe(
        'signed: only a call signed with AWS credentials of the approver decides, the mail has no link; default: link',
      ),
    mfa: z
      .literal(true)
      .optional()
      .describe('true, with assurance signed: decisions need a session begun with MFA, and then so do all signed ones'),
    code: z
      .boolean()
      .optional()
      .describe('whether approvers type the six-digit code of the mail; default: true unless the risk is low'),
  })
  .describe('who has to agree')

export const $automatic = z
  .strictObject({
    name: $line.describe('shown to requester and reviewers; unique in the entitlement'),
    allow: $members.describe('whose asks need nobody'),
    upTo: $duration.describe('the longest grant without an approver; longer asks go to the stages'),
    mostPerWeek: z.int().min(1).max(50).describe('for one person, in seven days; further asks go to the stages'),
    within: z
      .enum(['always', 'hours'])
      .optional()
      .describe('hours: only within the hours of the organisation; default: always'),
  })
  .describe('asks that are approved by rule')

export const $breakGlass = z
  .strictObject({
    allow: $members.describe('who may take the access at once, in an emergency'),
    maximum: $duration.describe('the longest emergency grant'),
    reviewers: $members.describe('who may close the review every use owes; never the one who used it'),
    reviewWithin: $duration.describe('when that review is due, counted from the use; 7 days (168h) at most'),
  })
  .describe('immediate access, told to everybody and reviewed by somebody else')

export const $caps = z
  .strictObject({
    open: z.int().min(1).max(50).optional().describe('requests of one person that are pending, approved or active'),
    perWeek: z.int().min(1).max(500).optional().describe('grants asked for by one person in seven days'),
    timePerWeek: $duration.optional().describe('their time together, in seven days'),
  })
  .describe('what one person may have of it; more is refused with the numbers')
