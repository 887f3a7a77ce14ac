import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { plusSeconds } from '../../lambdas/domain/instant.ts'
import { periodNamed } from '../../lambdas/domain/period.ts'
import type { History } from '../../lambdas/domain/review/lens.ts'
import { questions } from '../../lambdas/domain/review/review.ts'
import { aHistory, aRefusedHistory, type HistoryBuilder } from '../support/a-history.ts'
import { ASKED_AT } from '../support/a-request.ts'
import { anAccessFile } from '../support/an-access-file.ts'

const access = anAccessFile()

const WAYS: readonly ((history: HistoryBuilder, seconds: number) => HistoryBuilder)[] = [
  history => history,
  history => history.denied(),
  history => history.reminded().unanswered(),
  history => history.cancelled(),
  history => history.approved(),
  history => history.approved().failed(),
  history => history.approved().activated(),
  (history, seconds) =>
    history
      .approved({ afterSeconds: 60 + seconds })
      .activated()
      .ended({ lateBySeconds: seconds }),
  (history, seconds) => history.approved().activated().ended({ cause: 'returned', lateBySeconds: -seconds }),
  history =>
    history
      .approved()
      .activated()
      .forged(events => events.slice(1)),
]

const histories = fc.array(
  fc
    .record({
      way: fc.nat(WAYS.length),
      seconds: fc.nat(300),
      durationSeconds: fc.integer({ min: 300, max: 43_200 }),
      requester: fc.constantFrom('alice', 'erin', 'dave', '__proto__'),
      entitlement: fc.constantFrom('logs-read', 'db-read', 'constructor'),
      rule: fc.constantFrom('alice', 'old'),
      day: fc.nat(89),
    })
    .map(({ way, seconds, day, ...overrides }): History => {
      const at = plusSeconds(ASKED_AT, (day - 45) * 86_400)
      return WAYS[way]?.(aHistory({ ...overrides, at }), seconds) ?? aRefusedHistory({ ...overrides, at })
    }),
  { maxLength: 40 },
)

describe('REV-17 lenses merge', () => {
  it('REV-17 any partition in any order gives the answers of one pass', () => {
    fc.assert(
      fc.property(histories, fc.infiniteStream(fc.nat(3)), fc.infiniteStream(fc.nat(1000)), (all, parts, order) => {
        const whole = answersOf([all])
        const shuffled = all.map(history => [order.next().value ?? 0, history] as const).sort(([a], [b]) => a - b)
        const split: History[][] = [[], [], [], []]
        for (const [, history] of shuffled) split[parts.next().value ?? 0]?.push(history)

        expect(answersOf(split)).toEqual(whole)
        expect(answersOf(split.reverse())).toEqual(whole)
      }),
      { numRuns: 150 },
    )
  })
})

function answersOf(parts: readonly (readonly History[])[]): string {
  const states = parts.map(part => part.reduce((state, history) => questions.add(state, history), questions.init()))
  const period = periodNamed('2027-Q1', 'UTC')
  if (!period) throw new Error('the calendar has no such quarter')
  const merged = states.reduce((a, b) => questions.merge(a, b))
  return JSON.stringify(questions.finish(merged, { access, period, now: new Date('2027-03-01T12:00:00Z') }), null, 1)
}
