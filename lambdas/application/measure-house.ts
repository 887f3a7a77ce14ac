import { type AccessFile, own } from '../domain/access-file.ts'
import { isOver } from '../domain/instant.ts'
import type { Clock } from './ports/chance.ts'
import type { FreezeStore } from './ports/freeze-store.ts'
import type { Metrics } from './ports/metrics.ts'
import type { PolicyQuotas } from './ports/policies.ts'
import type { RequestStore } from './ports/request-store.ts'

export interface MeasureDeps {
  readonly access: AccessFile
  readonly store: Pick<RequestStore, 'openDebtOf'>
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

/** Read at once. */
const AT_ONCE = 25

async function debtsOverdue({ access, store, clock }: MeasureDeps): Promise<number> {
  const people = Object.keys(access.people)
  const hasEmergencies = Object.keys(access.entitlements).some(id => own(access.entitlements, id)?.breakGlass)
  let overdue = 0
  for (let start = 0; hasEmergencies && start < people.length; start += AT_ONCE) {
    const debts = await Promise.all(people.slice(start, start + AT_ONCE).map(person => store.openDebtOf(person)))
    overdue += debts.filter(debt => debt && isOver(debt.dueBy, clock.now())).length
  }
  return overdue
}
