import { Annotations, Stack } from 'aws-cdk-lib'
import { Construct } from 'constructs'
import type { Env as DecideRequestEnv } from '../lambdas/handlers/decide-request/env.ts'
import type { Api } from './api.ts'
import type { CheckedAccess } from './checked-access.ts'
import { decidedWithMfa, SIGNED_DECISION } from './decision-mfa.ts'
import { lookAtTrust } from './iam/applier-permissions.ts'
import { LapseFunction } from './lapse-function.ts'
import type { LedgerTable } from './ledger-table.ts'
import type { Mail } from './mail.ts'
import { needs, permission } from './need.ts'
import { Workflow } from './workflow.ts'

export interface DecisionsProps {
  readonly checked: CheckedAccess
  readonly ledger: LedgerTable
  readonly mail: Mail
  readonly api: Api
  readonly workflow: Workflow
}

/** Decisions by approvers who sign with their own AWS credentials. The function has no links to use and none to make. */
export class Decisions extends Construct {
  constructor(scope: Construct, id: string, { checked, ledger, mail, api, workflow }: DecisionsProps) {
    super(scope, id)
    const decide = new LapseFunction<DecideRequestEnv>(this, 'DecideRequest', {
      checked,
      folder: 'decide-request',
      does: SIGNED_DECISION,
      needs: needs(
        ledger.toUse({ reads: ['taskTokens', 'trackRecords'], writes: ['requests'] }),
        mail.toSend(),
        Workflow.toAnswer(workflow.stateMachine.stateMachineArn),
        permission(...lookAtTrust(Stack.of(this), checked.access)),
      ),
    })
    api.route('POST /requests/{id}/decision', decide.function)
    const demanding = decidedWithMfa(checked.access)
    if (demanding.length > 0) this.#sayWhatMfaMeans(demanding)
  }

  #sayWhatMfaMeans(entitlements: readonly string[]): void {
    Annotations.of(this).addInfoV2(
      'lapse:decisionsWithMfa',
      `approval.mfa of ${entitlements.join(', ')}: API Gateway judges a route, not an entitlement, so ${SIGNED_DECISION} takes only ` +
        'sessions begun with MFA, whatever is decided on. Links work as before where an entitlement takes links.',
    )
  }
}
