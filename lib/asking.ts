import { Stack } from 'aws-cdk-lib'
import { BY_REQUESTER } from '../lambdas/contract/keys.ts'
import { leasesIfAny } from './as-is-removal.ts'
import type { CheckedAccess } from './checked-access.ts'
import { quotaPermissions } from './iam/quota-permissions.ts'
import { FINDING_ROWS, type LedgerTable } from './ledger-table.ts'
import { needs, permission } from './need.ts'
import type { Workflow } from './workflow.ts'

export interface Asking {
  readonly checked: CheckedAccess
  readonly ledger: LedgerTable
  /** Permissions boundaries one of which people must carry to get a grant; none: anybody. */
  readonly boundaries: readonly string[]
  /** IAM's quota of managed policies a user or role, the lower of the two, as AWS has set it for the account. */
  readonly attachmentsPerUser: number
}

/** What a function needs that makes requests: to judge them, to count them, to write them, to start their execution. */
export function toAsk(workflow: Workflow, { checked, ledger, boundaries, attachmentsPerUser }: Asking) {
  return needs(
    ledger.toUse({
      reads: ['freeze', 'debts', ...FINDING_ROWS, ...leasesIfAny(checked.access)],
      writes: ['requests', 'idempotencyKeys', 'uses'],
      finds: [BY_REQUESTER],
    }),
    workflow.toStart(),
    permission(...quotaPermissions(Stack.of(workflow), checked.access)),
    {
      environment: { ATTACHMENTS_PER_USER: String(attachmentsPerUser), BOUNDARIES: boundaries.join(' ') },
      statements: [],
    },
  )
}
