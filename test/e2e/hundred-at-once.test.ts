import {
  CloudWatchClient,
  GetMetricStatisticsCommand,
  ListMetricsCommand,
  type Metric,
} from '@aws-sdk/client-cloudwatch'
import { ListPoliciesCommand } from '@aws-sdk/client-iam'
import { beforeAll, describe, expect, it } from '@jest/globals'
import * as z from 'zod/mini'
import { plusSeconds, toInstant, wholeSeconds } from '../../lambdas/domain/instant.ts'
import { verifyChain } from '../../lambdas/domain/ledger.ts'
import { linkAndCode, receivedMails } from '../../local/mailbox.ts'
import { $RequestView } from '../support/api-answers.ts'
import { openPage, postForm, seenOf } from '../support/approval-link.ts'
import { admin, as, ask, attachedTo, house, jsonOf, requestOf, untilInstant } from '../support/the-house.ts'
import { until } from '../support/until.ts'

const CREW = Array.from({ length: 20 }, (_, index) => `crew-${String(index + 1).padStart(2, '0')}`)
const EACH = 5
const HUNDRED = CREW.length * EACH
/** Time to ask, approve and attach all of them before the common start: 20 s on two idle cores, 37 s on two busy ones. */
const LEAD_SECONDS = 55
const GRANT_SECONDS = 5
/** A browser or two at a time: approvers are people. */
const AT_ONCE = 4

type Requests = Awaited<ReturnType<typeof allOfTheCrew>>

/** The newest hundred requests of the crew, as the auditor lists them. */
async function allOfTheCrew() {
  const answer = await as('erin').call('GET', `/requests?entitlement=crew-read&limit=${HUNDRED}`)
  return z.object({ requests: z.array($RequestView) }).parse(jsonOf(answer)).requests
}

/** Waits until all of the hundred have this status. */
function untilAll(ids: ReadonlySet<string>, status: string, seconds: number): Promise<Requests> {
  return until(`all ${ids.size} are ${status}`, seconds, async () => {
    const requests = (await allOfTheCrew()).filter(({ requestId }) => ids.has(requestId))
    return requests.length === ids.size && requests.every(request => request.status === status) ? requests : undefined
  })
}

/** Policies under the path of grants, by the id of their request. */
async function grantPolicies(): Promise<ReadonlySet<string>> {
  const found = new Set<string>()
  let Marker: string | undefined
  do {
    const page = await admin.iam.send(new ListPoliciesCommand({ Scope: 'Local', PathPrefix: '/lapse/grant/', Marker }))
    for (const { PolicyName = '' } of page.Policies ?? []) found.add(PolicyName)
    Marker = page.IsTruncated ? page.Marker : undefined
  } while (Marker)
  return found
}

/** What Lapse has counted under a name in the last two hours, whatever its dimensions. */
async function counted(MetricName: string): Promise<number> {
  const { endpointUrl: endpoint, region, rootCredentials: credentials } = house.emulator
  const cloudWatch = new CloudWatchClient({ endpoint, region, credentials })
  const { Metrics = [] } = await cloudWatch.send(new ListMetricsCommand({ Namespace: 'Lapse', MetricName }))
  const sumOf = async ({ Namespace, Dimensions }: Metric) => {
    const span = { StartTime: new Date(Date.now() - 7_200_000), EndTime: new Date(Date.now() + 60_000), Period: 3600 }
    const { Datapoints = [] } = await cloudWatch.send(
      new GetMetricStatisticsCommand({ Namespace, MetricName, Dimensions, ...span, Statistics: ['Sum'] }),
    )
    return Datapoints.reduce((sum, { Sum = 0 }) => sum + Sum, 0)
  }
  return (await Promise.all(Metrics.map(sumOf))).reduce((sum, each) => sum + each, 0)
}

/** Does the same for each of many, a few at a time. */
async function eachOf<In, Out>(many: readonly In[], work: (one: In) => Promise<Out>): Promise<readonly Out[]> {
  const waiting = [...many.entries()]
  const done = new Map<number, Out>()
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) done.set(next[0], await work(next[1]))
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  return many.flatMap((_, index) => {
    const out = done.get(index)
    return out === undefined ? [] : [out]
  })
}

/** Opens each link of Grace's mails and sends its form, as she would. */
async function approveAll(ids: ReadonlySet<string>): Promise<void> {
  const mails = await until('Grace is asked a hundred times', 60, async () => {
    const received = await receivedMails(house.emulator.endpointUrl)
    const asked = received.filter(({ to, text }) => to.includes('grace@acme.example') && ids.has(requestIdIn(text)))
    return asked.length === ids.size ? asked : undefined
  })
  const statuses = await eachOf(mails, async mail => {
    const { url, code = '' } = linkAndCode(mail)
    return (await postForm(url, { decision: 'approve', seen: seenOf(await openPage(url)), code })).status
  })
  expect(statuses.filter(status => status !== 200)).toEqual([])
}

function requestIdIn(text: string): string {
  return /^Request (\S{26})$/m.exec(text)?.[1] ?? ''
}

describe('a hundred grants that begin and end in the same second', () => {
  const seen = { attachedDuring: 0, policiesDuring: 0 }
  let ids: ReadonlySet<string>
  let start: Date
  let end: Date
  let ended: Requests
  let histories: readonly Awaited<ReturnType<typeof requestOf>>[]

  beforeAll(async () => {
    start = plusSeconds(wholeSeconds(new Date()), LEAD_SECONDS)
    end = plusSeconds(start, GRANT_SECONDS)
    const duration = `PT${GRANT_SECONDS}S`
    const body = { entitlement: 'crew-read', duration, notBefore: toInstant(start), reason: 'the shift begins' }
    ids = new Set(await eachOf(Array.from({ length: EACH }, () => CREW).flat(), person => ask(person, body)))
    await approveAll(ids)
    await untilAll(ids, 'ACTIVE', LEAD_SECONDS)
    const readyAt = new Date()
    expect(readyAt.getTime()).toBeLessThan(end.getTime())
    seen.policiesDuring = [...(await grantPolicies())].filter(name => ids.has(name)).length
    seen.attachedDuring = (await eachOf(CREW, attachedTo)).flat().length
    await untilInstant(end)
    ended = await untilAll(ids, 'ENDED', 90)
    histories = await eachOf([...ids], requestOf)
    console.info(`${HUNDRED} grants in force ${seconds(readyAt, start)} before their start; ${latenessOf(ended)}`)
  }, 240_000)

  it('GRA-06 are all attached at once, five to each of twenty people', () => {
    expect([ids.size, seen]).toEqual([HUNDRED, { policiesDuring: HUNDRED, attachedDuring: HUNDRED }])
  })

  it('GRA-02 share one window to the second, whenever each was approved', () => {
    const windows = new Set(
      ended.map(({ grant }) => `${grant?.notBefore.toISOString()} ${grant?.notAfter.toISOString()}`),
    )

    expect([...windows]).toEqual([`${start.toISOString()} ${end.toISOString()}`])
  })

  it('END-01 all end as expired, each with a receipt of one removal after the end', () => {
    expect(ended.map(({ endCause }) => endCause)).toEqual(Array(HUNDRED).fill('expired'))
    expect(ended.map(({ receipt }) => receipt?.detached)).toEqual(Array(HUNDRED).fill(1))
    expect(lateness(ended)[0]).toBeGreaterThanOrEqual(0)
    expect(lateness(ended).at(-1)).toBeLessThan(60)
  })

  it('END-01 leave nothing attached and no policy under the path of grants', async () => {
    expect([...(await grantPolicies())].filter(name => ids.has(name))).toEqual([])
    expect((await eachOf(CREW, attachedTo)).flat()).toEqual([])
  })

  it('AUD-01 have each of their five events once, in order, in an unbroken chain', () => {
    const stories = new Set(histories.map(({ events }) => events.map(({ type }) => type).join(' ')))

    expect([...stories]).toEqual(['asked approvers-asked approved activated ended'])
    expect(histories.map(({ requestId, events }) => verifyChain(requestId, events).outcome)).toEqual(
      Array(HUNDRED).fill('intact'),
    )
  })

  it('AUD-02 are, like whatever else the tests of this house did, no rewriting of the ledger to who watches it', async () => {
    await until('a hundred asks are counted', 30, async () => (await counted('RequestsAsked')) >= HUNDRED || undefined)

    expect(await counted('ChainsBroken')).toBe(0)
    expect(await counted('EventsUnreadable')).toBe(0)
  })

  it('NOT-01 give each requester one receipt a grant', async () => {
    const receipts = (await receivedMails(house.emulator.endpointUrl)).filter(
      ({ subject, text }) => subject.startsWith('Ended: ') && ids.has(requestIdIn(text)),
    )

    expect(receipts).toHaveLength(HUNDRED)
    expect(new Set(receipts.map(({ text }) => requestIdIn(text))).size).toBe(HUNDRED)
  })
})

/** Seconds from the planned end to the proven removal, shortest first. */
function lateness(requests: Requests): readonly number[] {
  return requests
    .map(({ grant, receipt }) => ((receipt?.verifiedAt.getTime() ?? NaN) - (grant?.notAfter.getTime() ?? NaN)) / 1000)
    .sort((a, b) => a - b)
}

function latenessOf(requests: Requests): string {
  const sorted = lateness(requests)
  const at = (share: number) => sorted[Math.ceil(share * sorted.length) - 1]
  return `removal proven after the end: p50 ${at(0.5)} s, p99 ${at(0.99)} s, longest ${sorted.at(-1)} s`
}

function seconds(from: Date, to: Date): string {
  return `${Math.round((to.getTime() - from.getTime()) / 100) / 10} s`
}
