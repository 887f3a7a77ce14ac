import { describe, expect, it } from '@jest/globals'
import { type MeasureDeps, measureHouse } from '../../lambdas/application/measure-house.ts'
import { plusSeconds } from '../../lambdas/domain/instant.ts'
import { anAccessFile, anEntitlement } from '../support/an-access-file.ts'
import { RecordedMetrics } from '../support/recorded-metrics.ts'
import { SteppedClock } from '../support/stepped-clock.ts'

const BREAK_GLASS = { members: ['alice'], maximumSeconds: 3600, reviewers: ['bob'], reviewWithinSeconds: 86_400 }

function aHouse(more: Partial<MeasureDeps> = {}) {
  const metrics = new RecordedMetrics()
  const deps: MeasureDeps = {
    access: anAccessFile({ entitlements: [anEntitlement({ breakGlass: BREAK_GLASS })] }),
    store: { openDebtOf: async () => undefined },
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

  it('ANO-02 count a review as overdue from its second on, and not before', async () => {
    const clock = new SteppedClock()
    const dueBy = plusSeconds(clock.now(), 60)
    const store = { openDebtOf: async (person: string) => (person === 'alice' ? { requestId: 'x', dueBy } : undefined) }
    const { deps } = aHouse({ store, clock })

    clock.step(59)
    expect(await measureHouse(deps)).toMatchObject({ DebtsOverdue: 0 })
    clock.step(1)
    expect(await measureHouse(deps)).toMatchObject({ DebtsOverdue: 1 })
  })

  it('ANO-02 ask nobody for debts where there are no emergencies', async () => {
    const asked: string[] = []
    const store = {
      openDebtOf: async (person: string) => {
        asked.push(person)
        return undefined
      },
    }
    const { deps } = aHouse({ store, access: anAccessFile({ entitlements: [anEntitlement()] }) })
    await measureHouse(deps)

    expect(asked).toEqual([])
  })
})
