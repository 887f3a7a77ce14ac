import type { AccessFile, Entitlement } from '../../lambdas/domain/access-file.ts'
import { matchBreakGlass } from '../../lambdas/domain/break-glass.ts'
import { isEligible } from '../../lambdas/domain/evaluate.ts'

/** Whether the person may ask for the entitlement, by a rule or in an emergency. An emergency too may have to wait for the stages. */
export function mayAsk(access: AccessFile, person: string, entitlement: Entitlement): boolean {
  return isEligible(access, person, entitlement) || mayAskInEmergency(access, person, entitlement)
}

export function mayAskInEmergency(access: AccessFile, person: string, entitlement: Entitlement): boolean {
  return matchBreakGlass(access, person, entitlement).outcome === 'matched'
}
