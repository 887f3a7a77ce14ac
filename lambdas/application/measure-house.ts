import { isOver } from '../domain/instant.ts'
import type { Clock } from './ports/chance.ts'
import type { FreezeStore } from './ports/freeze-store.ts'
import type { Metrics } from './ports/metrics.ts'
import type { PolicyQuotas } from './ports/policies.ts'
import type { OpenDebts } from './ports/request-store.ts'

export interface MeasureDeps {
  readonly debts: OpenDebts
  readonly freezes: Pick<FreezeStore, 'current'>
  readonly quotas: Pick<PolicyQuotas, 'ofAccount'>
  readonly metrics: Metrics
  readonly clock: Clock
}

export interface Measures {
  readonly PoliciesUsedPercent: number
  readonly DebtsOverdue: number
  readonly AccessFrozen: number
}

/** Counts what no event tells of, because it comes with time or from outside: room in IAM, reviews that are overdue, a freeze in force. */
export async function measureHouse(deps: MeasureDeps): Promise<Measures> {
  const { used, quota } = await deps.quotas.ofAccount()
  const freeze = await deps.freezes.current()
  const measures = {
    PoliciesUsedPercent: (used / quota) * 100,
    DebtsOverdue: await debtsOverdue(deps),
    AccessFrozen: freeze ? 1 : 0,
  }
  await deps.metrics.count(measures)
  return measures
}

async function debtsOverdue({ debts, clock }: MeasureDeps): Promise<number> {
  let overdue = 0
  for await (const { dueBy } of debts.openDebts()) overdue += isOver(dueBy, clock.now()) ? 1 : 0
  return overdue
}
