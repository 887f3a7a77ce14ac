import { approvalJson, intend } from './grant.ts'
import { toInstant } from './instant.ts'
import { step, type Transition } from './lifecycle.ts'
import type { Statement } from './parameters.ts'
import type { Debt, Request } from './request.ts'

/** What stands in the place of an approver. */
export type Ground =
  | { readonly kind: 'automatic'; readonly rule: string }
  | { readonly kind: 'break-glass'; readonly debt: Debt }

/**
 * An approval that nobody gave: by rule, or in an emergency, which opens the debt of a review in the same step. As with an approver's,
 * the grant is fixed here, and its hash stands in the event.
 */
export function approveByRule(
  request: Request,
  ground: Ground,
  { statements, at }: { readonly statements: readonly Statement[]; readonly at: Date },
): Transition {
  const grant = intend(request, statements, at)
  const owing = ground.kind === 'break-glass' ? { debt: ground.debt } : {}
  return step(request, {
    at,
    actor: { service: 'approval' },
    type: 'approved',
    details: { ...groundJson(ground), ...approvalJson({ ...request, ...owing }, grant) },
    change: { ...owing, grant, status: 'APPROVED' },
  })
}

function groundJson(ground: Ground) {
  if (ground.kind === 'automatic') return { automatic: ground.rule }
  const { dueBy, reviewers } = ground.debt
  return { breakGlass: true, debt: { dueBy: toInstant(dueBy), reviewers } }
}
