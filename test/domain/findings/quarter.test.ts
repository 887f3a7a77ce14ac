import { describe, expect, it } from '@jest/globals'
import { FINDING_RULES } from '../../../lambdas/domain/findings/finding.ts'
import type { Found } from '../../../lambdas/domain/findings/judged.ts'
import { quarter } from '../../support/calm-quarter.ts'
import { planted } from '../../support/noisy-quarter.ts'
import { byRule, watch } from '../../support/watched-quarter.ts'

const REQUESTS = 20_000
const SEED = 7

describe('a quarter of 120 people', () => {
  it('ANO-03 that is calm has no more than one request in a hundred flagged', () => {
    const { organisation, told } = quarter({ seed: SEED, requests: REQUESTS })

    const { flagged, found, requests, events, microsecondsPerEvent } = watch(organisation.access, told)

    const share = flagged.size / requests
    const figures = `${flagged.size} of ${requests} requests flagged (${(share * 100).toFixed(2)} %)`
    const time = `${events} events, ${microsecondsPerEvent.toFixed(0)} µs each`
    process.stdout.write(`calm quarter: ${figures}; ${time}; ${JSON.stringify(byRule(found))}\n`)
    expect(requests).toBeGreaterThanOrEqual(REQUESTS)
    expect(share).toBeLessThanOrEqual(0.01)
    expect(microsecondsPerEvent).toBeLessThan(5000)
  }, 240_000)

  it('ANO-03 ANO-04 that is noisy has found what was planted for each rule, of whom it was planted, and nothing of it without', () => {
    const calm = quarter({ seed: SEED, requests: 5000 })
    const noisy = quarter({
      seed: SEED,
      requests: 5000,
      besides: organisation => planted(organisation).flatMap(({ errands }) => errands),
    })
    const expected = planted(noisy.organisation).map(({ rule, subject }) => `${rule} of ${subject}`)

    const without = namesOf(watch(calm.organisation.access, calm.told).found)
    const found = namesOf(watch(noisy.organisation.access, noisy.told).found)

    expect(expected.filter(name => !found.has(name))).toEqual([])
    expect(expected.filter(name => without.has(name))).toEqual([])
    const judgedByEvents = FINDING_RULES.filter(rule => rule !== 'outside-change')
    expect([...new Set(planted(noisy.organisation).map(({ rule }) => rule))]).toEqual(judgedByEvents)
  }, 120_000)
})

function namesOf(found: readonly Found[]): ReadonlySet<string> {
  return new Set(found.map(({ rule, subject }) => `${rule} of ${subject}`))
}
