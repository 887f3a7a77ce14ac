import { describe, expect, it } from '@jest/globals'
import { headingOf, linesOf, SESSION_COLUMNS } from '../../lambdas/application/review-tables.ts'
import { plusSeconds } from '../../lambdas/domain/instant.ts'
import { periodOf } from '../../lambdas/domain/review/manifest.ts'
import { sessionOf } from '../../lambdas/domain/review/session.ts'
import { timeLimits } from '../../lambdas/domain/review/time-limits.ts'
import { unfenced } from '../../lambdas/domain/review/unfenced.ts'
import { unfencedSection } from '../../lambdas/pages/report/unfenced-section.ts'
import { aHistory } from '../support/a-history.ts'
import { aReport } from '../support/a-report.ts'
import { grantOf } from '../support/a-request.ts'

const AS_IS = { policyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess', documentHash: 'a'.repeat(64) }

const PERIOD = periodOf(aReport([]))

/** A grant attached as it is that was proven gone so many seconds after its planned end. */
function attached(lateBySeconds: number) {
  const { request, events } = aHistory().approved().activated().ended({ lateBySeconds })
  return { request: { ...request, asIs: AS_IS }, events }
}

describe('a grant attached without a fence, in the review', () => {
  it('GRA-07 REV-03 was held until its removal was proven, and one with a fence until its planned end', () => {
    const fenced = aHistory().approved().activated().ended({ lateBySeconds: 90 })
    const late = attached(90)

    expect(sessionOf(late)).toMatchObject({
      asIs: AS_IS.policyArn,
      endedAt: plusSeconds(grantOf(late.request).notAfter, 90),
    })
    expect(sessionOf(fenced).endedAt).toEqual(grantOf(fenced.request).notAfter)
    expect(sessionOf(fenced)).not.toHaveProperty('asIs')
  })

  it('GRA-07 REV-08 that is not ended is held on, past its planned end', () => {
    const running = aHistory().approved().activated()
    const now = plusSeconds(grantOf(running.request).notAfter, 3600)
    const context = { access: aReport([]).access, period: PERIOD, now }
    const minutes = (history: Parameters<typeof sessionOf>[0]) =>
      timeLimits.finish(timeLimits.add(timeLimits.init(), history), context).timeLimits.heldMinutes

    const request = { ...running.request, asIs: AS_IS }
    expect(minutes({ request, events: running.events }) - minutes(running)).toBe(60)
  })

  it('GRA-07 REV-16 is flagged in sessions.csv by the policy it attached', () => {
    expect(headingOf(SESSION_COLUMNS)).toContain('attached_without_fence')
    expect(linesOf(SESSION_COLUMNS, [sessionOf(attached(0))])).toContain(`,${AS_IS.policyArn}\r\n`)
    expect(linesOf(SESSION_COLUMNS, [sessionOf(aHistory())])).not.toContain('arn:aws:iam::aws:policy')
  })

  it('GRA-07 is counted and named in a section of its own, in whatever order the parts are merged', () => {
    const state = (...histories: readonly Parameters<typeof sessionOf>[0][]) =>
      histories.reduce((sum, history) => unfenced.add(sum, history), unfenced.init())
    const [a, b] = [attached(0), attached(5)]
    const context = { access: aReport([]).access, period: PERIOD, now: new Date() }
    const there = unfenced.finish(unfenced.merge(state(a, aHistory().approved()), state(b)), context)

    expect(there).toEqual(unfenced.finish(unfenced.merge(state(b), state(a)), context))
    expect(there.unfenced.count).toBe(2)
    const report = aReport([])
    const html = unfencedSection({ ...report, review: { ...report.review, ...there } }).toString()
    expect(html).toContain('2 grants attached a policy of AWS as it is')
    expect(html).toContain(a.request.id)
    expect(html).toContain(AS_IS.policyArn)
    expect(
      unfencedSection({
        ...report,
        review: { ...report.review, ...unfenced.finish(unfenced.init(), context) },
      }).toString(),
    ).toContain('None: every grant had its fence.')
  })
})
