import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { shorterDurations } from '../../lambdas/domain/shorter-durations.ts'

describe('what an approver may allow instead', () => {
  it.each([
    [7200, 300, [3600, 1800, 900, 420]],
    [2700, 300, [1320, 660, 300]],
    [600, 300, [300]],
    [599, 300, []],
    [300, 300, []],
    [20, 5, [10, 5]],
    [43_200, 5, [21_600, 10_800, 5400, 2700, 1320, 660]],
    [5, 0, [2, 1]],
  ])('APP-08 of %i seconds with %i as the shortest is %j', (seconds, shortest, choices) => {
    expect(shorterDurations(seconds, shortest)).toEqual(choices)
  })

  it('APP-08 is always shorter than what was asked, never shorter than a grant may be, and falls', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 43_200 }), fc.integer({ min: 1, max: 3600 }), (seconds, shortest) => {
        const choices = shorterDurations(seconds, shortest)

        for (const [index, choice] of choices.entries()) {
          expect(choice).toBeLessThan(choices[index - 1] ?? seconds)
          expect(choice).toBeGreaterThanOrEqual(shortest)
        }
      }),
    )
  })
})
