import { describe, expect, it } from '@jest/globals'
import { type MeasureDeps, measureHouse } from '../../lambdas/application/measure-house.ts'
import { anEmergencyWorld, BREAK_GLASS } from '../support/emergency-world.ts'
import { RecordedMetrics } from '../support/recorded-metrics.ts'
import { SteppedClock } from '../support/stepped-clock.ts'

function aHouse(more: Partial<MeasureDeps> = {}) {
  const metrics = new RecordedMetrics()
  const deps: MeasureDeps = {
    debts: { openDebts: async function* () {} },
    freezes: { current: async () => undefined },
    quotas: { ofAccount: async () => ({ used: 300, quota: 1500 }) },
    metrics,
    clock: new SteppedClock(),
    ...more,
  }
  return { deps, metrics }
}

describe('the measures', () => {
  it('ANO-02 are counted when all is well too, so that an alarm can end', async () => {
    const { deps, metrics } = aHouse()

    expect(await measureHouse(deps)).toEqual({ PoliciesUsedPercent: 20, DebtsOverdue: 0, AccessFrozen: 0 })
    expect(metrics.counts).toEqual([{ PoliciesUsedPercent: 20, DebtsOverdue: 0, AccessFrozen: 0 }])
  })

  it('ANO-02 tell of a freeze in force', async () => {
    const current = async () => ({ by: 'adam', at: new Date(), reason: 'a drill' })
    const { deps } = aHouse({ freezes: { current } })

    expect(await measureHouse(deps)).toMatchObject({ AccessFrozen: 1 })
  })

  it('ANO-02 count a review as overdue from its second on, and not before, until somebody has reviewed it', async () => {
    const world = anEmergencyWorld()
    const { id } = await world.emergency()
    await world.askApprovers(id)
    const { deps } = aHouse({ debts: world.store, clock: world.clock })

    world.clock.step(BREAK_GLASS.reviewWithinSeconds - 1)
    expect(await measureHouse(deps)).toMatchObject({ DebtsOverdue: 0 })
    world.clock.step(1)
    expect(await measureHouse(deps)).toMatchObject({ DebtsOverdue: 1 })
    await world.review(id)
    expect(await measureHouse(deps)).toMatchObject({ DebtsOverdue: 0 })
  })
})
