import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import * as z from 'zod/mini'
import { isWithinHours } from '../../../lambdas/domain/business-hours.ts'
import { plusSeconds } from '../../../lambdas/domain/instant.ts'
import { loadAccessFile } from '../../../lib/access-file/load.ts'
import { linkAndCode } from '../../../local/mailbox.ts'
import { aMailEvent } from '../../support/a-mail-event.ts'
import { $Problem } from '../../support/api-answers.ts'
import { openPage, postForm, seenOf } from '../../support/approval-link.ts'
import { Company, nameOf, requestOf } from '../../support/company.ts'
import { sesSays } from '../../support/ses-says.ts'
import { until } from '../../support/until.ts'

/** All stories are told at once, while the night shift works and after it has gone home. */
jest.setTimeout(420_000)

const MONTH = { month: '2026-11' }
/** Short to watch, and still in force when a busy machine gets to attach it. */
const SHORT = 'PT30S'
const PAYMENTS = { entitlement: 'payments-read', duration: SHORT, reason: 'a customer paid twice', parameters: MONTH }
const SHELVES = { entitlement: 'shelves-write', duration: SHORT, reason: 'the robots look on the wrong shelf' }
const LEDGER = { entitlement: 'ledger-rewrite', duration: 'PT5M', reason: 'ticket 4711: a booking has a wrong sign' }
const LOOK = { entitlement: 'dashboards-read', duration: SHORT, reason: 'the belts are slow today' }
const ROBOTS = { entitlement: 'robots-stop', duration: SHORT, reason: 'somebody is between the shelves' }
const BY_RULE = ['asked', 'approved', 'activated', 'ended']
const BY_PEOPLE = ['asked', 'approvers-asked', 'approved', 'activated', 'ended']
const BY_TWO = ['asked', 'approvers-asked', 'decided', 'approved', 'activated', 'ended']

let company: Company
/** Who was mailed what, by request: what each story expects of its own. */
const told = new Map<string, readonly string[]>()

const beginnings: (() => void)[] = []
beforeAll(async () => {
  company = await Company.open()
  for (const begin of beginnings) begin()
})
afterAll(async () => {
  await company?.close()
})

/** Lets a story begin with all the others and gives how to wait for what came of it. */
function begun<Told>(tell: () => Promise<Told>): () => Promise<Told> {
  let ending: Promise<readonly PromiseSettledResult<Told>[]> = Promise.resolve([])
  beginnings.push(() => {
    ending = Promise.allSettled([tell()])
  })
  return async () => {
    const [end] = await ending
    if (end?.status !== 'fulfilled') throw end?.reason
    return end.value
  }
}

/** Everybody who was mailed about a request, with the first words of the subject, and nobody else. */
async function expectTold(requestId: string, people: readonly string[]): Promise<void> {
  told.set(requestId, people)
  const now = async () =>
    (await company.mails())
      .filter(mail => requestOf(mail) === requestId)
      .map(({ to, subject }) => `${nameOf(to[0])}: ${subject.slice(0, subject.search(/:/))}`)
      .sort()
  await until('all mails are there', 30, async () => ((await now()).length >= people.length ? true : undefined))
  expect(await now()).toEqual([...people].sort())
}

function decisionsOf({ decisions }: { readonly decisions: readonly { approver: string; via?: string | undefined }[] }) {
  return decisions.map(({ approver, via }) => `${approver} by ${via ?? 'link'}`)
}

describe('two teams', () => {
  const asked = begun(async () => {
    const requestId = await company.ask('paul', { ...PAYMENTS, duration: 'PT10M' })
    await company.approveByLink('petra', requestId)
    const { grant } = await company.inForce(requestId)
    const answer = await company.call('paul', 'POST', `/requests/${requestId}/end`)
    return { requestId, grant, answer, ended: await company.ended(requestId) }
  })

  it('APP-05 END-04 payments are approved by the lead of payments, out of a group of a group, and given back early', async () => {
    const { requestId, grant, answer, ended } = await asked()

    expect([answer.status, ended.endCause, decisionsOf(ended)]).toEqual([200, 'returned', ['petra by link']])
    expect(ended.stages).toMatchObject([{ approvers: ['petra', 'greta'] }])
    expect(ended.receipt?.verifiedAt.getTime()).toBeLessThan(grant.notAfter.getTime())
    expect(ended.types.filter(type => type !== 'end-ordered')).toEqual(BY_PEOPLE)
    await expectTold(requestId, [
      ...['petra: Paul Peters asks', 'greta: Paul Peters asks'],
      ...['paul: Asked', 'paul: Granted', 'paul: Ended'],
    ])
  })

  const prolonged = begun(async () => {
    const first = await company.ask('wanda', { ...SHELVES, duration: 'PT1M' })
    await company.approveByLink('willem', first)
    await company.approveByLink('greta', first)
    await company.inForce(first)
    const { duration, reason } = SHELVES
    const second = await company.ask('wanda', { duration, reason }, `/requests/${first}/extend`)
    await company.approveByLink('greta', second)
    await company.approveByLink('willem', second)
    return { ended: await company.ended(first), extension: await company.ended(second) }
  })

  it('REQ-07 END-01 shelves are approved by the lead of the warehouse and another, prolonged by both, and end by themselves', async () => {
    const { ended, extension } = await prolonged()

    expect([ended.endCause, ended.seconds, decisionsOf(ended)]).toEqual([
      ...['expired', 60],
      ['willem by link', 'greta by link'],
    ])
    expect([extension.endCause, extension.seconds]).toEqual(['expired', 30])
    expect(extension.grant.notBefore).toEqual(ended.grant.notAfter)
    expect(ended.types).toContain('extension-asked')
    for (const { requestId } of [ended, extension]) {
      await expectTold(requestId, [
        ...['willem: Wanda Weber asks', 'viktor: Wanda Weber asks', 'greta: Wanda Weber asks'],
        ...['wanda: Asked', 'wanda: Granted', 'wanda: Ended'],
      ])
    }
  })

  const refused = begun(() =>
    Promise.all([
      company.refusal('willem', PAYMENTS),
      company.refusal('pia', SHELVES),
      company.refusal('voss', PAYMENTS),
    ]),
  )

  it('REQ-02 REQ-05 what is the other team’s is refused, by the rule that says so', async () => {
    const rules = (await refused()).map(({ answered, code, rule, status }) => [answered, code, rule, status])

    expect(rules).toEqual([
      [403, 'not-eligible', 'default-deny', 'REFUSED'],
      [403, 'not-eligible', 'default-deny', 'REFUSED'],
      [403, 'not-eligible', 'contractors see no payments', 'REFUSED'],
    ])
  })
})

describe('the most dangerous', () => {
  const decided = begun(async () => {
    const requestId = await company.ask('paul', LEDGER)
    const mail = await company.invitation('petra', requestId)
    const ofPia = await company.lapse('pia', 'approve', requestId, '--comment', 'I saw the ticket', '--yes')
    await company.invitation('willem', requestId)
    const seen = await company.seenBy('willem', requestId)
    const early = await Promise.all(
      ['paul', 'sara', 'pia'].map(who => company.sign(who, requestId, { decision: 'approve', seen })),
    )
    const ofWillem = await company.sign('willem', requestId, { decision: 'approve', seen })
    await company.invitation('sven', requestId)
    const last = await company.seenBy('sara', requestId)
    const ofSara = await company.sign('sara', requestId, { decision: 'approve', seen: last, duration: 'PT20S' })
    const between = await company.history(requestId)
    const ofSven = await company.lapse('sven', 'approve', requestId, '--yes')
    return { mail, early, ofWillem, ofPia, ofSara, between, ofSven, ended: await company.ended(requestId) }
  })

  it('APP-09 APP-08 passes a colleague, a lead and two of security by signature alone, one of whom shortens it', async () => {
    const { mail, early, ofWillem, ofPia, ofSara, between, ofSven, ended } = await decided()

    expect(`${mail.text}${mail.html}`).not.toMatch(/\/decide\/|Your code|href=/)
    expect(mail.text).toContain(`lapse approve ${ended.requestId}`)
    expect([ofPia, ofSven].map(({ exit }) => exit)).toEqual([0, 0])
    expect([ofWillem.status, ofSara.status]).toEqual([200, 200])
    expect(early.map(({ status, body }) => [status, $Problem.parse(body).code])).toEqual([
      [403, 'own-request'],
      [403, 'not-an-approver'],
      [403, 'not-an-approver'],
    ])
    expect([between.status, between.grant]).toEqual(['PENDING', undefined])
    expect(decisionsOf(ended)).toEqual(['pia', 'willem', 'sara', 'sven'].map(who => `${who} by signed`))
    expect([ended.seconds, ended.allowedDuration, ended.endCause]).toEqual([20, 'PT20S', 'expired'])
    expect(ended.types).toEqual([
      ...['asked', 'approvers-asked', 'decided', 'approvers-asked', 'decided', 'approvers-asked', 'decided'],
      ...['approved', 'activated', 'ended'],
    ])
    await expectTold(ended.requestId, [
      ...['petra', 'pia', 'petra', 'willem', 'wanda', 'sara', 'sven'].map(who => `${who}: Paul Peters asks`),
      ...['paul: Asked', 'paul: Granted', 'paul: Ended'],
    ])
  })
})

describe('the night shift', () => {
  const worked = begun(async () => {
    await untilItWorks(true)
    const byRule = await company.ask('noah', PAYMENTS)
    const inTime = await company.ended(byRule)
    await untilItWorks(false)
    const requestId = await company.ask('noah', PAYMENTS)
    const mail = await company.invitation('greta', requestId)
    const page = await company.approveByLink('greta', requestId)
    return { inTime, mail, page, late: await company.ended(requestId) }
  })

  /** Waits until the night shift works, or does not, and will for half a minute more. */
  async function untilItWorks(works: boolean): Promise<void> {
    const { hours } = loadAccessFile(company.own.house.accessFile).access
    if (!hours) throw new Error('the company has no hours')
    const isSo = (at: Date) => isWithinHours(hours, at) === works
    for (let now = new Date(); !isSo(now) || !isSo(plusSeconds(now, 30)); now = new Date()) await sleep(500)
  }

  it('APP-07 APP-03 does not wait while it works, and waits for a person, who is told, once it has gone home', async () => {
    const { inTime, mail, page, late } = await worked()

    expect([inTime.types, inTime.decisions, inTime.endCause]).toEqual([BY_RULE, [], 'expired'])
    await expectTold(inTime.requestId, ['noah: Granted', 'noah: Ended'])
    expect(mail.text).toContain('Off-hours: this was asked outside working hours.')
    expect(page).toContain('This was asked outside working hours.')
    expect([late.types, decisionsOf(late)]).toEqual([BY_PEOPLE, ['greta by link']])
    await expectTold(late.requestId, [
      ...['petra: Noah Neumann asks', 'greta: Noah Neumann asks'],
      ...['noah: Asked', 'noah: Granted', 'noah: Ended'],
    ])
  })
})

describe('the contractor with two accounts', () => {
  const tried = begun(async () => {
    const ofWillem = await company.ask('willem', SHELVES)
    const { url, code = '' } = linkAndCode(await company.invitation('viktor', ofWillem))
    const requestId = await company.ask('viktor', SHELVES)
    await company.invitation('wanda', requestId)
    const seen = await company.seenBy('wanda', requestId)
    const signed = await company.sign('voss', requestId, { decision: 'approve', seen })
    const linked = await postForm(url, { decision: 'approve', seen, code })
    const between = await company.history(requestId)
    await company.approveByLink('greta', requestId)
    await company.approveByLink('wanda', requestId)
    const seenThere = seenOf(await openPage(url))
    const answer = await company.sign('voss', ofWillem, { decision: 'approve', seen: seenThere })
    await company.approveByLink('wanda', ofWillem)
    return {
      ...{ signed, linked, between, answer },
      own: await company.ended(requestId),
      others: await company.ended(ofWillem),
    }
  })

  it('APP-05 never approves with one what he asked for with the other, signed or by a link of his, and may approve another’s', async () => {
    const { signed, linked, between, answer, own, others } = await tried()

    expect([signed.status, $Problem.parse(signed.body).code]).toEqual([403, 'own-request'])
    expect(linked.status).toBe(409)
    expect([between.status, between.decisions]).toEqual(['PENDING', []])
    expect([own.types, decisionsOf(own)]).toEqual([BY_TWO, ['greta by link', 'wanda by link']])
    expect(own.principal).toMatch(/:user\/contractors\/viktor$/)
    expect(answer.status).toBe(200)
    expect([others.types, decisionsOf(others)]).toEqual([BY_TWO, ['viktor by signed', 'wanda by link']])
    await expectTold(own.requestId, [
      ...['willem', 'wanda', 'greta'].map(who => `${who}: Viktor Voss asks`),
      ...['viktor: Asked', 'viktor: Granted', 'viktor: Ended'],
    ])
    await expectTold(others.requestId, [
      ...['wanda', 'viktor', 'greta'].map(who => `${who}: Willem de Wit asks`),
      ...['willem: Asked', 'willem: Granted', 'willem: Ended'],
    ])
  })

  const counted = begun(async () => {
    const ids: string[] = []
    for (const account of ['viktor', 'voss', 'viktor', 'voss', 'viktor']) ids.push(await company.ask(account, LOOK))
    const refusal = await company.refusal('voss', LOOK)
    const [first = '', second = '', third = '', fourth = '', fifth = ''] = ids
    await company.approveByLink('petra', fourth)
    await company.invitation('willem', fifth)
    const seen = await company.seenBy('willem', fifth)
    await company.sign('willem', fifth, { decision: 'deny', seen, comment: 'enough looked' })
    const denied = await company.until(fifth, 'DENIED')
    return { looks: await Promise.all([first, second, third, fourth].map(id => company.ended(id))), denied, refusal }
  })

  it('REQ-10 APP-07 has both counted as one person: three by rule, two by people, the sixth refused', async () => {
    const { looks, denied, refusal } = await counted()

    expect(looks.map(({ types }) => types)).toEqual([BY_RULE, BY_RULE, BY_RULE, BY_PEOPLE])
    expect(looks.map(({ principal }) => principal.replace(/.*:user/, ''))).toEqual([
      ...['/contractors/viktor', '/people/voss', '/contractors/viktor', '/people/voss'],
    ])
    expect(refusal).toMatchObject({ answered: 403, code: 'cap-reached', status: 'REFUSED' })
    expect(refusal.detail).toBe('5 grants of dashboards-read in the last seven days; the cap is 5')
    for (const { requestId } of looks.slice(0, 3)) await expectTold(requestId, ['viktor: Granted', 'viktor: Ended'])
    const asks = ['petra', 'willem', 'wanda'].map(who => `${who}: Viktor Voss asks`)
    await expectTold(looks[3]?.requestId ?? '', [...asks, 'viktor: Asked', 'viktor: Granted', 'viktor: Ended'])
    await expectTold(denied.requestId, [...asks, 'viktor: Asked', 'viktor: Denied'])
  })
})

describe('an emergency of who is on call', () => {
  const EMERGENCY = { ...ROBOTS, breakGlass: true }
  const JUSTIFIED = { verdict: 'justified', comment: 'somebody was between the shelves' }
  const stopped = begun(async () => {
    const first = await company.ask('nina', EMERGENCY)
    await company.inForce(first)
    const again = await company.call('nina', 'POST', '/requests', EMERGENCY)
    const { requestId, because } = z.object({ requestId: z.string(), because: z.string() }).parse(again.body)
    const page = await company.approveByLink('wanda', requestId)
    const reviews: number[] = []
    for (const who of ['nina', 'willem', 'ada', 'sara', 'sven'])
      reviews.push((await company.call(who, 'POST', `/requests/${first}/review`, JUSTIFIED)).status)
    const third = await company.ask('nina', EMERGENCY)
    return {
      ...{ because, page, reviews },
      atOnce: await company.ended(first),
      second: await company.ended(requestId),
      third: await company.ended(third),
    }
  })

  it('APP-11 is at once and told to everybody; the next waits for a lead until security, and not she, closed the review', async () => {
    const { atOnce, because, page, reviews, second, third } = await stopped()

    expect([atOnce.types.filter(type => type !== 'debt-closed'), atOnce.decisions]).toEqual([BY_RULE, []])
    expect(atOnce.types).toContain('debt-closed')
    expect(because).toContain(atOnce.requestId)
    expect(page).toContain('Lara Lang')
    expect([second.types, decisionsOf(second)]).toEqual([BY_PEOPLE, ['wanda by link']])
    expect(reviews).toEqual([403, 403, 403, 200, 409])
    expect([third.types, third.endCause]).toEqual([BY_RULE, 'expired'])
    const everybody = ['ada', 'petra', 'willem', 'wanda', 'sara', 'sven'].map(who => `${who}: Emergency access`)
    const grant = ['nina: Granted', 'nina: Ended']
    await expectTold(atOnce.requestId, [...everybody, ...grant, 'nina: Reviewed', 'ada: Reviewed'])
    await expectTold(third.requestId, [...everybody, ...grant])
    await expectTold(second.requestId, [
      ...['petra', 'willem', 'wanda'].map(who => `${who}: Nina Nilsen asks`),
      ...['nina: Asked', ...grant],
    ])
  })
})

describe('a look without asking', () => {
  const looked = begun(async () => {
    const ids: string[] = []
    for (const _ of [1, 2, 3, 4]) ids.push(await company.ask('pia', LOOK))
    const fourth = ids.at(-1) ?? ''
    const mail = await company.invitation('wanda', fourth)
    const page = await company.approveByLink('wanda', fourth)
    return { mail, page, looks: await Promise.all(ids.map(id => company.ended(id))) }
  })

  it('APP-07 APP-06 is had three times a week by rule; then leads are asked, and the stand-in of one who is away decides', async () => {
    const { mail, page, looks } = await looked()

    expect(looks.map(({ types }) => types)).toEqual([BY_RULE, BY_RULE, BY_RULE, BY_PEOPLE])
    for (const text of [mail.text, page]) expect(text).toContain('Lara Lang')
    expect(looks.map(decisionsOf)).toEqual([[], [], [], ['wanda by link']])
    for (const { requestId } of looks.slice(0, 3)) await expectTold(requestId, ['pia: Granted', 'pia: Ended'])
    await expectTold(looks[3]?.requestId ?? '', [
      ...['petra', 'willem', 'wanda'].map(who => `${who}: Pia Prinz asks`),
      ...['pia: Asked', 'pia: Granted', 'pia: Ended'],
    ])
  })
})

describe('a mail that bounces', () => {
  const bounced = begun(async () => {
    const requestId = await company.ask('pia', PAYMENTS)
    await company.invitation('petra', requestId)
    const { url } = linkAndCode(await company.invitation('greta', requestId))
    const bounce = aMailEvent('Bounce', { request: requestId, person: 'petra' })
    await sesSays(company.own.house.emulator, JSON.stringify(bounce))
    const page = await company.approveByLink('sara', requestId, /^Passed on to you: /)
    return { page, ended: await company.ended(requestId), late: await openPage(url) }
  })

  it('FI-15 APP-06 has security asked at once, one of whom decides, and the other who was asked first is told', async () => {
    const { page, ended, late } = await bounced()

    expect(page).toContain('Pia Prinz')
    expect(ended.types).toEqual([
      ...['asked', 'approvers-asked', 'mail-bounced', 'escalated', 'approvers-asked'],
      ...['approved', 'activated', 'ended'],
    ])
    expect([decisionsOf(ended), late.status]).toEqual([['sara by link'], 409])
    await expectTold(ended.requestId, [
      ...['petra: Pia Prinz asks', 'greta: Pia Prinz asks', 'greta: Others are asked too'],
      ...['sara: Passed on to you', 'sven: Passed on to you', 'pia: Asked', 'pia: Granted', 'pia: Ended'],
    ])
  })
})

describe('the mail box', () => {
  it('NOT-01 holds what the stories tell of and nothing else, each mail to one person', async () => {
    const mails = await company.mails()

    expect(mails.filter(({ to }) => to.length !== 1)).toEqual([])
    expect(mails).toHaveLength([...told.values()].flat().length)
    expect(new Set(mails.map(requestOf))).toEqual(new Set(told.keys()))
  })
})
