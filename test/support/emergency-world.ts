import { closeDebtOf } from '../../lambdas/application/close-debt.ts'
import { extendAccess } from '../../lambdas/application/extend-access.ts'
import type { Entitlement } from '../../lambdas/domain/access-file.ts'
import type { DebtVerdict } from '../../lambdas/domain/request.ts'
import { anAccessFile, anEntitlement } from './an-access-file.ts'
import { arnOf, aWorld } from './world.ts'

export const RULE = {
  name: 'small reads',
  members: ['alice'],
  maximumSeconds: 3600,
  mostPerWeek: 3,
  isWithinHours: false,
} as const

export const BREAK_GLASS = {
  members: ['alice'],
  maximumSeconds: 3600,
  reviewers: ['erin', 'alice'],
  reviewWithinSeconds: 86_400,
} as const

export type EmergencyWorld = ReturnType<typeof anEmergencyWorld>

/** A world in which Alice needs nobody for small reads, or takes them in an emergency that Erin reviews; Bob approves the rest. */
export function anEmergencyWorld(overrides: Partial<Entitlement> = { automatic: [RULE], breakGlass: BREAK_GLASS }) {
  const world = aWorld({
    access: anAccessFile({ entitlements: [anEntitlement({ risk: 'low', codeRequired: true, ...overrides })] }),
  })
  // Room in IAM for whatever caps let through.
  world.deps.attachmentsPerUser = 1000
  return {
    ...world,
    emergency: () => world.started({ ask: { isBreakGlass: true } }),
    review: (requestId: string, by = 'erin', verdict: DebtVerdict = 'justified') =>
      closeDebtOf(world.deps, requestId, { by, verdict, comment: 'as we agreed' }),
    extend: (requestId: string, durationSeconds = 1800, idempotencyKey?: string) =>
      extendAccess(world.deps, requestId, {
        requester: 'alice',
        principal: { arn: arnOf('alice'), uniqueId: world.iam.users.get(arnOf('alice'))?.uniqueId ?? '' },
        durationSeconds,
        reason: 'it takes longer',
        idempotencyKey,
      }),
  }
}
