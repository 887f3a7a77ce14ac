import { Stack } from 'aws-cdk-lib'
import { Construct } from 'constructs'
import { BY_MONTH, BY_OPEN } from '../lambdas/contract/keys.ts'
import type { Env as CloseFindingEnv } from '../lambdas/handlers/close-finding/env.ts'
import type { Env as ListFindingsEnv } from '../lambdas/handlers/list-findings/env.ts'
import type { Api } from './api.ts'
import type { CheckedAccess } from './checked-access.ts'
import { lookAtTrust } from './iam/applier-permissions.ts'
import { LapseFunction } from './lapse-function.ts'
import type { LedgerTable } from './ledger-table.ts'
import { needs, permission } from './need.ts'

export interface FindingsProps {
  readonly checked: CheckedAccess
  readonly ledger: LedgerTable
  readonly api: Api
}

/** Findings are shown to people, and closed by them. Who reads cannot close, and neither reaches a request. */
export class Findings extends Construct {
  constructor(scope: Construct, id: string, { checked, ledger, api }: FindingsProps) {
    super(scope, id)
    const toProveTheCaller = permission(...lookAtTrust(Stack.of(this), checked.access))
    const list = new LapseFunction<ListFindingsEnv>(this, 'ListFindings', {
      checked,
      folder: 'list-findings',
      does: 'GET /findings',
      needs: needs(ledger.toUse({ reads: ['findings'], finds: [BY_OPEN, BY_MONTH] }), toProveTheCaller),
    })
    const close = new LapseFunction<CloseFindingEnv>(this, 'CloseFinding', {
      checked,
      folder: 'close-finding',
      does: 'POST /findings/{id}/close',
      needs: needs(ledger.toUse({ writes: ['findings', 'trackRecords'] }), toProveTheCaller),
    })
    api
      .route('GET /findings', list.function)
      .route('GET /findings/{id}', list.function)
      .route('POST /findings/{id}/close', close.function)
  }
}
