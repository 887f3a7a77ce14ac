import { describe, expect, it } from '@jest/globals'
import { decide } from '../../lambdas/domain/decide.ts'
import { documentFor } from '../../lambdas/domain/grant.ts'
import { plusSeconds, toInstant } from '../../lambdas/domain/instant.ts'
import { eventHash, GENESIS, type LedgerEvent, verifyChain } from '../../lambdas/domain/ledger.ts'
import {
  activate,
  begin,
  cancel,
  end,
  fail,
  giveUp,
  mayBecome,
  note,
  receiptJson,
  refuse,
  type Transition,
} from '../../lambdas/domain/lifecycle.ts'
import { END_CAUSES, isOpen, type Receipt, type Request, STATUSES, type Status } from '../../lambdas/domain/request.ts'
import {
  ASKED_AT,
  aBeginning,
  aDecision,
  anActiveRequest,
  anApprovedRequest,
  aReceipt,
  aRequest,
  aRequestIn,
  asked,
  grantOf,
  STATEMENTS,
  shownOf,
} from '../support/a-request.ts'
import { verdictOf } from '../support/simulate.ts'

const LATER = plusSeconds(ASKED_AT, 120)
const RECEIPT: Receipt = {
  policyArn: 'arn:aws:iam::111122223333:policy/x',
  verifiedAt: LATER,
  policy: 'NoSuchEntity',
  detached: 1,
}

/** Every step that changes a status, and the only statuses it may start from. */
const STEPS: Record<
  string,
  { readonly take: (request: Request) => Transition; readonly to: Status; readonly from: readonly Status[] }
> = {
  cancel: { take: request => cancel(request, 'alice', LATER), to: 'CANCELLED', from: ['PENDING'] },
  giveUp: { take: request => giveUp(request, LATER), to: 'UNANSWERED', from: ['PENDING'] },
  activate: { take: request => activate(request, LATER), to: 'ACTIVE', from: ['APPROVED'] },
  end: {
    take: request => end(request, 'expired', RECEIPT, { service: 'revoker' }),
    to: 'ENDED',
    from: ['APPROVED', 'ACTIVE'],
  },
  fail: {
    take: request => fail(request, 'why', LATER, { service: 'applier' }),
    to: 'FAILED',
    from: ['PENDING', 'APPROVED'],
  },
}

const all = STATUSES.flatMap(status => Object.entries(STEPS).map(([name, step]) => ({ status, name, ...step })))

describe('every status and every step', () => {
  it.each(all.filter(({ status, from }) => from.includes(status)))(
    'APP-10 a request that is $status may $name and is then $to',
    ({ status, take, to }) => {
      const request = aRequestIn(status)

      const transition = take(request)

      expect(transition.from).toBe(request)
      expect(transition.to.status).toBe(to)
      expect(mayBecome(status, to)).toBe(true)
    },
  )

  it.each(all.filter(({ status, from }) => !from.includes(status)))(
    'APP-10 a request that is $status cannot $name',
    ({ status, take, to }) => {
      const request = aRequestIn(status)

      expect(() => take(request)).toThrow(new RangeError(`request ${request.id} is ${status} and cannot become ${to}`))
      expect(mayBecome(status, to)).toBe(false)
    },
  )

  it.each(STATUSES.filter(status => status !== 'PENDING'))('APP-10 nobody decides on a request that is %s', status => {
    const request = aRequestIn(status, { stages: [{ name: 'owner', approvers: ['bob', 'carol'], quorum: 1 }] })
    const decision = aDecision(request, { approver: 'carol', at: plusSeconds(ASKED_AT, 1000) })

    expect(decide(request, decision, shownOf(request))).toMatchObject({ outcome: 'refused', why: 'not-pending' })
  })

  it('APP-10 these are all the transitions there are', () => {
    const allowed = STATUSES.flatMap(from => STATUSES.filter(to => mayBecome(from, to)).map(to => `${from} → ${to}`))

    expect(allowed.sort()).toEqual([
      'ACTIVE → ENDED',
      'APPROVED → ACTIVE',
      'APPROVED → ENDED',
      'APPROVED → FAILED',
      'PENDING → APPROVED',
      'PENDING → CANCELLED',
      'PENDING → DENIED',
      'PENDING → FAILED',
      'PENDING → UNANSWERED',
    ])
  })

  it.each(STATUSES)('APP-10 a request that is %s is open exactly when it may become something', status => {
    const request = aRequestIn(status)

    expect(request.status).toBe(status)
    expect(isOpen(request)).toBe(STATUSES.some(to => mayBecome(status, to)))
  })

  it.each(STATUSES)('AUD-01 a fact about a request that is %s changes nothing but the head of its chain', status => {
    const request = aRequestIn(status)

    const { from, to, event } = note(request, {
      at: LATER,
      actor: { service: 'revoker' },
      type: 'second-look',
      details: { found: 0 },
    })

    expect(from).toBe(request)
    expect(to).toEqual({ ...request, lastEvent: { sequence: request.lastEvent.sequence + 1, hash: event.hash } })
    expect(event).toMatchObject({
      type: 'second-look',
      at: LATER,
      actor: { service: 'revoker' },
      details: { found: 0 },
    })
  })

  it('AUD-01 no step changes the request it starts from', () => {
    for (const { status, take } of all.filter(({ status: from, from: starts }) => starts.includes(from))) {
      const request = aRequestIn(status)
      const before = structuredClone(request)

      take(request)

      expect(request).toEqual(before)
    }
  })
})

describe('the first moment of a request', () => {
  it('REQ-01 is PENDING, with what was asked and how it was judged', () => {
    const given = asked({ ticket: 'OPS-1', earliestStart: LATER, parameters: { bucket: 'acme' } })
    const stages = [{ name: 'owner', approvers: ['bob', 'carol'], quorum: 2 }]
    const judged = { rule: 'developers', durationSeconds: 1800, maximumSeconds: 7200, stages, statements: STATEMENTS }

    const { to, event } = begin(given, { outcome: 'allowed', ...judged }, plusSeconds(given.at, 600))

    expect(to).toEqual({
      id: given.id,
      status: 'PENDING',
      requester: 'alice',
      principal: given.principal,
      entitlement: 'logs-read',
      parameters: { bucket: 'acme' },
      durationSeconds: 1800,
      reason: given.reason,
      ticket: 'OPS-1',
      earliestStart: LATER,
      askedAt: ASKED_AT,
      rule: 'developers',
      accessHash: given.accessHash,
      stages,
      answerBy: plusSeconds(ASKED_AT, 600),
      decisions: [],
      lastEvent: { sequence: 1, hash: event.hash },
    })
    expect(event).toMatchObject({
      requestId: given.id,
      sequence: 1,
      type: 'asked',
      at: ASKED_AT,
      actor: { person: 'alice' },
      previousHash: GENESIS.hash,
    })
    expect(event.details).toEqual({
      entitlement: 'logs-read',
      parameters: { bucket: 'acme' },
      duration: 'PT30M',
      earliestStart: '2027-03-01T10:02:00Z',
      reason: given.reason,
      ticket: 'OPS-1',
      principal: given.principal.arn,
      accessHash: given.accessHash,
      rule: 'developers',
      stages,
    })
  })

  it('REQ-01 has no ticket and no earliest start when none was given', () => {
    const request = aRequest()

    expect(Object.keys(request)).not.toContain('ticket')
    expect(Object.keys(request)).not.toContain('earliestStart')
  })

  it.each([
    [5400, 'PT1H30M'],
    [undefined, 'PT0S'],
  ])(
    'REQ-05 a refused one of %s seconds is recorded with the rule and what would pass, and is over',
    (durationSeconds, duration) => {
      const given = asked()
      const ask = { entitlement: 'logs-read', parameters: {}, durationSeconds }
      const refused = {
        code: 'not-eligible',
        rule: 'no-contractors',
        detail: 'why not',
        wouldPass: 'what would',
      } as const

      const { to, event } = refuse({ ...given, ask }, { outcome: 'refused', ...refused })

      expect(to).toMatchObject({
        status: 'REFUSED',
        rule: 'no-contractors',
        stages: [],
        decisions: [],
        answerBy: ASKED_AT,
      })
      expect(to.grant).toBeUndefined()
      expect(isOpen(to)).toBe(false)
      expect(event).toMatchObject({ type: 'refused', actor: { person: 'alice' }, details: { ...refused, duration } })
    },
  )
})

describe('the ends of a request', () => {
  it('REQ-07 who takes it back stands in the event', () => {
    const { event } = cancel(aRequest(), 'alice', LATER)

    expect(event).toMatchObject({ type: 'cancelled', at: LATER, actor: { person: 'alice' }, details: {} })
  })

  it('APP-06 an unanswered one is given up by the ladder', () => {
    const { event, to } = giveUp(aRequest(), LATER)

    expect(event).toMatchObject({ type: 'unanswered', at: LATER, actor: { service: 'ladder' } })
    expect(to.grant).toBeUndefined()
  })

  it.each(END_CAUSES)('END-01 %s: with its cause, its receipt and the end that was planned', cause => {
    const request = anActiveRequest()
    const receipt = aReceipt(request, { detached: 2 })

    const { to, event } = end(request, cause, receipt, { person: 'adam' })

    expect(to).toMatchObject({ status: 'ENDED', ending: { cause, receipt }, grant: grantOf(request) })
    expect(event).toMatchObject({ type: 'ended', at: receipt.verifiedAt, actor: { person: 'adam' } })
    expect(event.details).toEqual({ cause, receipt: receiptJson(receipt), plannedEnd: '2027-03-01T11:15:00Z' })
  })

  it('END-01 a receipt is written with its instant as text', () => {
    expect(receiptJson(RECEIPT)).toEqual({ ...RECEIPT, verifiedAt: '2027-03-01T10:02:00Z' })
  })

  it('GRA-05 a grant that failed says why, with the proof that nothing was left', () => {
    const request = anApprovedRequest()
    const receipt = aReceipt(request, { detached: 0 })

    const { to, event } = fail(request, 'the quota is full', LATER, { service: 'issuer' }, receipt)

    expect(to).toMatchObject({ status: 'FAILED', ending: { receipt } })
    expect(to.ending?.cause).toBeUndefined()
    expect(event).toMatchObject({ type: 'failed', at: LATER, actor: { service: 'issuer' } })
    expect(event.details).toEqual({ why: 'the quota is full', receipt: receiptJson(receipt) })
  })

  it('GRA-05 a failure before anything was made has no receipt', () => {
    const { to, event } = fail(aRequest(), 'no mail could be sent', LATER, { service: 'approval' })

    expect(to.ending).toBeUndefined()
    expect(event.details).toEqual({ why: 'no mail could be sent' })
  })
})

describe('a request through its hour', () => {
  const { to: pending, event: askedEvent } = aBeginning({ durationSeconds: 3600 })
  const approvedAt = new Date('2027-03-01T10:20:00Z')
  const approval = decide(pending, aDecision(pending, { at: approvedAt }), shownOf(pending))
  const approved = approval.outcome === 'decided' ? approval.transition : lost(approval.detail)
  const activated = activate(approved.to, plusSeconds(approvedAt, 2))
  const closing = end(activated.to, 'expired', aReceipt(activated.to), { service: 'revoker' })

  it('END-01 asked: it is open and has no grant', () => {
    expect(pending).toMatchObject({ status: 'PENDING', answerBy: new Date('2027-03-01T14:00:00Z') })
    expect(pending.grant).toBeUndefined()
  })

  it('END-01 approved: the hour is fixed before anything is attached', () => {
    expect(approved.to.status).toBe('APPROVED')
    expect(grantOf(approved.to)).toMatchObject({ notBefore: approvedAt, notAfter: new Date('2027-03-01T11:20:00Z') })
  })

  it('END-01 in force: attaching late does not move the end', () => {
    const late = activate(approved.to, plusSeconds(approvedAt, 600))

    expect(activated).toMatchObject({
      to: { status: 'ACTIVE' },
      event: { type: 'activated', actor: { service: 'applier' } },
    })
    expect(grantOf(late.to)).toEqual(grantOf(approved.to))
  })

  it.each([
    ['asked, before it is approved', -1, 'ImplicitlyDenied'],
    ['approved', 0, 'Allowed'],
    ['59 minutes', 59 * 60, 'Allowed'],
    ['59 minutes and 59 seconds', 3599, 'Allowed'],
    ['60 minutes', 3600, 'ImplicitlyDenied'],
    ['gone', 3660, 'ImplicitlyDenied'],
  ])('END-02 %s: by its fence alone, were its policy never removed (%i s: %s)', async (_, seconds, verdict) => {
    const { uniqueId, arn } = activated.to.principal

    const said = await verdictOf({
      principal: arn,
      action: 's3:GetObject',
      resource: 'arn:aws:s3:::prod-logs/a.txt',
      document: documentFor(activated.to, STATEMENTS, grantOf(activated.to)),
      context: { 'aws:userid': uniqueId, 'aws:CurrentTime': toInstant(plusSeconds(approvedAt, seconds)) },
    })

    expect(said).toBe(verdict)
  })

  it('END-01 ended: the record says when it was due and when it was proven gone', () => {
    expect(closing.to).toMatchObject({ status: 'ENDED', ending: { cause: 'expired' } })
    expect(closing.event.details.plannedEnd).toBe('2027-03-01T11:20:00Z')
    expect(closing.event.at).toEqual(new Date('2027-03-01T11:20:01Z'))
    expect(isOpen(closing.to)).toBe(false)
  })

  it('AUD-01 has one event for each step, in one unbroken chain whose head the request keeps', () => {
    const events: readonly LedgerEvent[] = [askedEvent, approved.event, activated.event, closing.event]

    expect(events.map(({ type }) => type)).toEqual(['asked', 'approved', 'activated', 'ended'])
    expect(verifyChain(pending.id, events)).toEqual({ outcome: 'intact', head: closing.to.lastEvent })
    for (const event of events) expect(event.hash).toBe(eventHash(event))
  })
})

function lost(why: string): never {
  throw new Error(why)
}
