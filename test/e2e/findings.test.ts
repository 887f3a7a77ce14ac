import { CloudWatchClient, DescribeAlarmsCommand, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch'
import { describe, expect, it } from '@jest/globals'
import { $Problem } from '../../lib/openapi/answers.ts'
import { $Finding, $Findings } from '../../lib/openapi/finding-answers.ts'
import { linkOf, openPage, postForm, seenOf } from '../support/approval-link.ts'
import { as, ask, house, jsonOf, requestOf, untilStatus } from '../support/the-house.ts'
import { until } from '../support/until.ts'

const VALVES = { entitlement: 'valves-run', duration: 'PT1M', reason: 'to let the water out of the cellar' }
/** None of them is hers, and she is told so each time. */
const DOORS = ['table-repair', 'ledger-read', 'vault-read', 'crew-read', 'notes-read']
const COMMENT = 'She was to find out what an auditor can ask for.'

const { endpointUrl: endpoint, region, rootCredentials: credentials } = house.emulator
const cloudWatch = new CloudWatchClient({ endpoint, region, credentials })

async function refusalOf(person: string, method: string, path: string, body?: object) {
  const answer = await as(person).call(method, path, body)
  const { code, rule, detail, wouldPass } = $Problem.parse(jsonOf(answer))
  return { status: answer.status, code, rule, detail, wouldPass }
}

async function openAbout(subject: string) {
  const { findings } = $Findings.parse(jsonOf(await as('ines').call('GET', '/findings?limit=100')))
  return findings.find(finding => finding.subject === subject && finding.rule === 'ineligible-probing')
}

/** Otto's approval of a request that waits for him, by the link of his mail or signed, with what he was shown before. */
async function approvalOf(requestId: string) {
  const { url, code } = await linkOf('otto', requestId)
  const seen = seenOf(await openPage(url))
  return {
    page: () => openPage(url),
    byLink: () => postForm(url, { decision: 'approve', seen, code }),
    signed: () => refusalOf('otto', 'POST', `/requests/${requestId}/decision`, { decision: 'approve', seen }),
  }
}

/** The alarm, and what the metric of findings that it looks at says of the last ten minutes. */
async function alarmAndCount() {
  const { MetricAlarms } = await cloudWatch.send(new DescribeAlarmsCommand({ AlarmNames: ['Lapse-findings-opened'] }))
  const { Metrics = [], StateValue: state } = MetricAlarms?.[0] ?? {}
  const looked = Metrics.flatMap(({ MetricStat }) => MetricStat?.Metric ?? [])
  const metric = looked.find(({ MetricName }) => MetricName === 'FindingsOpened')
  if (!metric) throw new Error('the alarm does not look at FindingsOpened')
  const { Datapoints = [] } = await cloudWatch.send(
    new GetMetricStatisticsCommand({
      Namespace: metric.Namespace,
      MetricName: metric.MetricName,
      Dimensions: metric.Dimensions,
      StartTime: new Date(Date.now() - 600_000),
      EndTime: new Date(Date.now() + 60_000),
      Period: 60,
      Statistics: ['Sum'],
    }),
  )
  return { state, opened: Datapoints.reduce((sum, { Sum = 0 }) => sum + Sum, 0) }
}

describe('a person who tries every door', () => {
  it('ANO-03 ANO-05 is held by a finding within a minute, with what waited for its approver before, until another than themselves closes it', async () => {
    const waiting = await ask('ines', VALVES)
    const approval = await approvalOf(waiting)

    for (const entitlement of DOORS) {
      const body = { entitlement, reason: 'to see whether I may' }
      expect(await refusalOf('ines', 'POST', '/requests', body)).toMatchObject({ status: 403, code: 'not-eligible' })
    }
    const { findingId, holds, latest, name } = await until('the finding', 60, () => openAbout('ines'))
    expect({ holds, name }).toEqual({ holds: true, name: 'Ines Ibsen' })
    expect(latest[0]?.detail).toContain(DOORS[0])
    const rung = await until('the alarm', 60, async () => {
      const now = await alarmAndCount()
      return now.opened > 0 && now.state === 'ALARM' ? now : undefined
    })
    expect(rung.opened).toBeGreaterThan(0)

    const held = { status: 403, code: 'held', rule: 'ineligible-probing' }
    const refusal = await refusalOf('ines', 'POST', '/requests', VALVES)
    expect(refusal).toMatchObject(held)
    expect([refusal.detail, refusal.wouldPass]).toEqual([
      expect.stringContaining(findingId),
      expect.stringContaining(findingId),
    ])
    const previewed = await as('ines').call('POST', '/requests/preview', VALVES)
    expect(jsonOf(previewed)).toMatchObject({ decision: 'refused', code: 'held' })
    expect(await approval.page()).toMatchObject({ status: 200, text: expect.stringContaining(findingId) })
    for (const taken of [await approval.byLink(), await approval.byLink()]) {
      expect(taken).toMatchObject({ status: 409, text: expect.stringContaining(findingId) })
      expect(taken.text).not.toContain(DOORS[0])
    }
    expect(await approval.signed()).toMatchObject({ status: 409, code: 'held', rule: 'ineligible-probing' })
    expect(await requestOf(waiting)).toMatchObject({ status: 'PENDING', decisions: [] })
    const emergency = await ask('ines', { ...VALVES, breakGlass: true })
    await untilStatus(emergency, 'ACTIVE')

    const closing = [`/findings/${findingId}/close`, { comment: COMMENT }] as const
    expect(await refusalOf('ines', 'POST', ...closing)).toMatchObject({ status: 403, code: 'own-finding' })
    expect(await refusalOf('otto', 'POST', ...closing)).toMatchObject({ status: 403, code: 'not-an-auditor' })
    expect(await refusalOf('ines', 'POST', '/requests', VALVES)).toMatchObject(held)

    const closed = await as('dana').call('POST', ...closing)
    expect([closed.status, $Finding.parse(jsonOf(closed)).closed]).toEqual([
      200,
      expect.objectContaining({ by: 'dana', comment: COMMENT }),
    ])
    expect(await refusalOf('dana', 'POST', ...closing)).toMatchObject({ status: 409, code: 'already-closed' })
    expect(await openAbout('ines')).toBeUndefined()
    const stored = await as('erin').call('GET', `/findings/${findingId}`)
    expect(jsonOf(stored)).toEqual(jsonOf(closed))

    expect(await approval.byLink()).toMatchObject({ status: 200 })
    expect((await untilStatus(waiting, 'ACTIVE')).decisions).toMatchObject([{ decision: 'approve', approver: 'otto' }])
    await ask('ines', VALVES)
  })
})
