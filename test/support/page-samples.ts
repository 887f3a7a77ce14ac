import { type DecisionView, decisionPage } from '../../lambdas/pages/decision-page.ts'
import { type AdminsToldView, adminsToldMail } from '../../lambdas/pages/mails/admins-told.ts'
import { type ApproversAskedView, approversAskedMail } from '../../lambdas/pages/mails/approvers-asked.ts'
import { approversRemindedMail } from '../../lambdas/pages/mails/approvers-reminded.ts'
import { type AskedView, askedMail } from '../../lambdas/pages/mails/asked.ts'
import { type CancelledView, cancelledMail } from '../../lambdas/pages/mails/cancelled.ts'
import { type DeniedView, deniedMail } from '../../lambdas/pages/mails/denied.ts'
import { type DigestView, digestMail } from '../../lambdas/pages/mails/digest.ts'
import { type EndNearView, endNearMail } from '../../lambdas/pages/mails/end-near.ts'
import { type EndedView, endedMail } from '../../lambdas/pages/mails/ended.ts'
import { type EscalatedFurtherView, escalatedFurtherMail } from '../../lambdas/pages/mails/escalated-further.ts'
import { escalatedToYouMail } from '../../lambdas/pages/mails/escalated-to-you.ts'
import { type FailedView, failedMail } from '../../lambdas/pages/mails/failed.ts'
import { failedToAdminMail } from '../../lambdas/pages/mails/failed-to-admin.ts'
import { type GrantedView, grantedMail } from '../../lambdas/pages/mails/granted.ts'
import { type LinkVoidedView, linkVoidedMail } from '../../lambdas/pages/mails/link-voided.ts'
import type { Mail } from '../../lambdas/pages/mails/mail.ts'
import { type MailFailedView, mailFailedToAdminMail } from '../../lambdas/pages/mails/mail-failed-to-admin.ts'
import { type UnansweredView, unansweredMail } from '../../lambdas/pages/mails/unanswered.ts'
import { type OutcomeView, outcomePage } from '../../lambdas/pages/outcome-page.ts'
import type { RequestView } from '../../lambdas/pages/request-view.ts'

/** One request told on every page and in every mail; long names and ARNs, so that what does not fit shows. */
export const aboutRequest: RequestView = {
  organisation: 'Example Logistics',
  request: {
    id: '01JNA7Z0W8Q3V5T9X2C4B6D8FG',
    principal: { arn: 'arn:aws:iam::111122223333:user/people/alice', uniqueId: 'AIDAEXAMPLEALICE00001' },
    parameters: { table: 'orders-2027' },
    durationSeconds: 1800,
    reason: 'Order 4711 is stuck between paid and shipped.\nI need to read its rows & compare <paidAt> with the log.',
    ticket: 'OPS-2214',
    rule: 'on-call-engineers',
    askedAt: new Date('2027-03-01T10:57:12Z'),
    answerBy: new Date('2027-03-01T14:57:12Z'),
  },
  requester: { name: 'Alice Example', email: 'alice@example.com' },
  entitlement: {
    title: 'Read the orders of production',
    description: 'Reads one table of orders and the log of the service that writes it. Changes nothing.',
    risk: 'medium',
  },
  statements: [
    {
      actions: ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:DescribeTable'],
      resources: [
        'arn:aws:dynamodb:eu-central-1:111122223333:table/orders-2027',
        'arn:aws:dynamodb:eu-central-1:111122223333:table/orders-2027/index/by-customer-and-day-of-shipment',
      ],
    },
    {
      actions: ['logs:GetLogEvents', 'logs:FilterLogEvents'],
      resources: [
        'arn:aws:logs:eu-central-1:111122223333:log-group:/ecs/production/order-service/orders-2027:log-stream:*',
      ],
      conditions: { StringEquals: { 'aws:RequestedRegion': 'eu-central-1' } },
    },
  ],
}

const approver = { name: 'Bob Example', timezone: 'Europe/Berlin' }
const requester = { name: 'Alice Example', timezone: 'America/New_York' }
const stage = {
  name: 'team lead',
  number: 1,
  count: 1,
  quorum: 1,
  approvers: 3,
  isLastApproval: true,
  given: [],
  missing: 1,
  canStillAnswer: [approver.name, 'Carol Example', 'Dave Example'],
}
const history = { askedLast90Days: 12, grantedLast90Days: 11, lastAskedAt: new Date('2027-02-22T08:31:00Z') }
const similar = { approved: 14, denied: 2, unanswered: 1, medianAnswerSeconds: 1080, isCut: true }
const grant = { notBefore: new Date('2027-03-01T11:00:37Z'), notAfter: new Date('2027-03-01T11:30:37Z') }
const approvals = [
  { approver: 'Bob Example', at: new Date('2027-03-01T11:00:37Z'), comment: 'Go ahead; tell me what you find.' },
]
const receipt = {
  policyArn: 'arn:aws:iam::111122223333:policy/lapse/grant/20270301T113037Z/01JNA7Z0W8Q3V5T9X2C4B6D8FG',
  verifiedAt: new Date('2027-03-01T11:30:41Z'),
  policy: 'NoSuchEntity',
  detached: 1,
} as const

export const decisionView: DecisionView = {
  ...aboutRequest,
  approver,
  stage,
  history,
  similar,
  offHours: false,
  seen: '5f'.repeat(32),
  codeRequired: true,
  shorter: [900, 420],
}

const highRisk: DecisionView = {
  ...decisionView,
  entitlement: { title: 'Restore the payments database', description: 'Replaces data in production.', risk: 'high' },
  request: {
    ...aboutRequest.request,
    durationSeconds: 5400,
    earliestStart: new Date('2027-03-01T22:30:00Z'),
    askedAt: new Date('2027-02-28T23:10:00Z'),
    answerBy: new Date('2027-03-01T22:30:00Z'),
  },
  stage: {
    name: 'security',
    number: 2,
    count: 2,
    quorum: 2,
    approvers: 4,
    isLastApproval: false,
    given: [
      {
        approver: 'Bob Example',
        at: new Date('2027-02-28T23:40:00Z'),
        comment: 'Half of it will do.',
        durationSeconds: 2700,
        stage: 'team lead',
      },
    ],
    missing: 2,
    canStillAnswer: ['Carol Example', 'Dave Example', 'Erin Example', 'Frank Example'],
  },
  history: { askedLast90Days: 0, grantedLast90Days: 0 },
  offHours: true,
  linkExpiresAt: new Date('2027-03-01T07:10:00Z'),
  shortened: { seconds: 2700, by: 'Bob Example' },
  shorter: [1320, 660, 300],
}

export const hold = { findingId: '01MGFND1NG0000000000000001', rule: 'ineligible-probing' } as const

const retried = (problem: NonNullable<DecisionView['retry']>['problem']): DecisionView => ({
  ...decisionView,
  retry: { problem, comment: 'Only the one order,\nplease.' },
})

export const outcomeViews: Readonly<Record<OutcomeView['outcome'] | 'approved-by-one', OutcomeView>> = {
  approved: { ...aboutRequest, outcome: 'approved', approver, grant },
  'approved-by-one': { ...aboutRequest, outcome: 'approved', approver },
  denied: { ...aboutRequest, outcome: 'denied', approver },
  'already-decided': { outcome: 'already-decided', status: 'CANCELLED' },
  'no-longer-valid': { outcome: 'no-longer-valid' },
  'changed-since-shown': { outcome: 'changed-since-shown' },
  'not-an-approver': { outcome: 'not-an-approver' },
  'bad-form': { outcome: 'bad-form' },
  'needs-signature': { outcome: 'needs-signature', requestId: aboutRequest.request.id },
  voided: { outcome: 'voided' },
  'method-not-allowed': { outcome: 'method-not-allowed' },
  broken: { outcome: 'broken', requestId: '6f1d2c3b-0a9e-4d8c-b7f6-5e4d3c2b1a09' },
}

/** Every page by name, as HTML. */
export function pageSamples(): Readonly<Record<string, string>> {
  const outcomes = Object.entries(outcomeViews).map(([name, view]) => [`outcome-${name}`, outcomePage(view)])
  return {
    decision: decisionPage(decisionView),
    'decision-high-risk': decisionPage(highRisk),
    'decision-without-code': decisionPage({
      ...aboutRequest,
      entitlement: { ...aboutRequest.entitlement, risk: 'low' },
      approver,
      seen: '5f'.repeat(32),
      codeRequired: false,
      shorter: [],
    }),
    'decision-held': decisionPage({ ...decisionView, hold }),
    'decision-not-taken': decisionPage({ ...retried({ kind: 'held' }), hold }),
    'decision-wrong-code': decisionPage(retried({ kind: 'wrong-code', triesLeft: 2 })),
    'decision-not-a-code': decisionPage(retried({ kind: 'not-a-code' })),
    'decision-no-decision': decisionPage(retried({ kind: 'no-decision' })),
    'decision-comment-too-long': decisionPage(retried({ kind: 'comment-too-long' })),
    ...Object.fromEntries(outcomes),
  }
}

export const TOKEN = 'q7Zx0Jt1m5b2RkVw8YcN4dLh3sGf6PaE9uTiKoBvXyM'

export const mailViews = {
  approversAsked: {
    ...aboutRequest,
    stage,
    history,
    similar,
    offHours: false,
    reader: approver,
    link: {
      url: `https://lapse.example.com/decide/${TOKEN}`,
      expiresAt: new Date('2027-03-01T14:57:12Z'),
      code: '482913',
    },
  } satisfies ApproversAskedView,
  asked: {
    ...aboutRequest,
    reader: requester,
    stages: [
      { name: 'team lead', quorum: 1, approvers: ['Bob Example', 'Carol Example', 'Dan Example'] },
      { name: 'security', quorum: 2, approvers: ['Erin Example', 'Frank Example'] },
    ],
  } satisfies AskedView,
  granted: { ...aboutRequest, reader: requester, grant, approvals } satisfies GrantedView,
  denied: {
    ...aboutRequest,
    reader: requester,
    denial: {
      approver: 'Bob Example',
      at: new Date('2027-03-01T11:00:37Z'),
      comment: 'The replica has these rows.\nTry there first.',
    },
  } satisfies DeniedView,
  unanswered: { ...aboutRequest, reader: requester, silent: ['Bob Example', 'Carol Example'] } satisfies UnansweredView,
  cancelled: {
    ...aboutRequest,
    reader: approver,
    cancelledAt: new Date('2027-03-01T11:02:00Z'),
  } satisfies CancelledView,
  ended: { ...aboutRequest, reader: requester, grant, cause: 'expired', receipt } satisfies EndedView,
  failed: {
    ...aboutRequest,
    reader: requester,
    why: 'IAM did not show the policy within two minutes',
    receipt,
  } satisfies FailedView,
  linkVoided: {
    ...aboutRequest,
    reader: requester,
    approver: 'Bob Example',
    voidedAt: new Date('2027-03-01T11:02:00Z'),
    canStillAnswer: ['Carol Example'],
  } satisfies LinkVoidedView,
  escalatedFurther: {
    ...aboutRequest,
    reader: approver,
    why: 'time',
    alsoAsked: ['Erin Example', 'Frank Example'],
  } satisfies EscalatedFurtherView,
  mailFailed: {
    ...aboutRequest,
    reader: { name: 'Grace Example', timezone: 'UTC' },
    recipient: { name: 'Bob Example', email: 'bob@example.com' },
    failedKind: 'approval-asked',
    how: 'bounce',
    at: new Date('2027-03-01T11:02:00Z'),
    canStillAnswer: ['Carol Example'],
  } satisfies MailFailedView,
  endNear: { ...aboutRequest, reader: requester, grant } satisfies EndNearView,
  adminsTold: {
    ...aboutRequest,
    reader: { name: 'Grace Example', timezone: 'UTC' },
    grant,
    approvals,
  } satisfies AdminsToldView,
  digest: {
    organisation: aboutRequest.organisation,
    reader: { name: 'Grace Example', timezone: 'Europe/Berlin' },
    from: new Date('2027-02-28T06:55:00Z'),
    until: new Date('2027-03-01T06:55:00Z'),
    elevations: [
      {
        requestId: '01JNA7Z0W8Q3V5T9X2C4B6D8FG',
        requester: 'Alice Example',
        entitlement: aboutRequest.entitlement.title,
        grant,
        status: 'ENDED',
        cause: 'returned',
        endedAt: new Date('2027-03-01T11:12:41Z'),
        isBreakGlass: false,
        approvals,
        rule: 'on-call-engineers',
      },
      {
        requestId: '01JNA8Z0W8Q3V5T9X2C4B6D8FG',
        requester: 'Bartholomew Example-Longworth',
        entitlement: 'Restore the payments database',
        grant,
        status: 'ACTIVE',
        isBreakGlass: true,
        approvals: [],
        rule: 'break-glass',
      },
    ],
    isCut: true,
    findings: { count: 3, oldest: new Date('2027-02-20T09:00:00Z') },
  } satisfies DigestView,
}

/** Every mail by name. */
export function mailSamples(): Readonly<Record<string, Mail>> {
  return {
    'approvers-asked': approversAskedMail(mailViews.approversAsked),
    'approvers-reminded': approversRemindedMail(mailViews.approversAsked),
    asked: askedMail(mailViews.asked),
    granted: grantedMail(mailViews.granted),
    denied: deniedMail(mailViews.denied),
    unanswered: unansweredMail(mailViews.unanswered),
    cancelled: cancelledMail(mailViews.cancelled),
    ended: endedMail(mailViews.ended),
    failed: failedMail(mailViews.failed),
    'failed-to-admin': failedToAdminMail({ ...mailViews.failed, reader: { name: 'Grace Example', timezone: 'UTC' } }),
    'link-voided': linkVoidedMail(mailViews.linkVoided),
    'admins-told': adminsToldMail(mailViews.adminsTold),
    'escalated-to-you': escalatedToYouMail({
      ...mailViews.approversAsked,
      offHours: true,
      windowOffHours: true,
      inPlaceOf: [{ name: 'Carol Example', until: new Date('2027-03-03T23:00:00Z'), because: 'holidays' }],
      why: 'mail-bounced',
      firstAsked: ['Bob Example', 'Dave Example'],
    }),
    'escalated-further': escalatedFurtherMail(mailViews.escalatedFurther),
    'mail-failed-to-admin': mailFailedToAdminMail(mailViews.mailFailed),
    'end-near': endNearMail(mailViews.endNear),
    digest: digestMail(mailViews.digest),
  }
}
