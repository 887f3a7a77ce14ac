import { Stack } from 'aws-cdk-lib'
import { Construct } from 'constructs'
import type { Env as ExtendRequestEnv } from '../lambdas/handlers/extend-request/env.ts'
import type { Env as ReviewRequestEnv } from '../lambdas/handlers/review-request/env.ts'
import type { Api } from './api.ts'
import { type Asking, toAsk } from './asking.ts'
import { lookAtTrust } from './iam/applier-permissions.ts'
import { LapseFunction } from './lapse-function.ts'
import type { Mail } from './mail.ts'
import { needs, permission } from './need.ts'
import type { Workflow } from './workflow.ts'

export interface FollowUpsProps extends Asking {
  readonly mail: Mail
  readonly api: Api
  readonly workflow: Workflow
}

/** What follows on a request without ending it: more is asked for, or an emergency is reviewed. Neither can change anything in IAM. */
export class FollowUps extends Construct {
  constructor(scope: Construct, id: string, { mail, api, workflow, ...asking }: FollowUpsProps) {
    super(scope, id)
    const { checked, ledger } = asking
    const extend = new LapseFunction<ExtendRequestEnv>(this, 'ExtendRequest', {
      checked,
      folder: 'extend-request',
      does: 'POST /requests/{id}/extend',
      needs: toAsk(workflow, asking),
    })
    const review = new LapseFunction<ReviewRequestEnv>(this, 'ReviewRequest', {
      checked,
      folder: 'review-request',
      does: 'POST /requests/{id}/review',
      needs: needs(
        ledger.toUse({ writes: ['requests', 'debts'] }),
        mail.toSend(),
        permission(...lookAtTrust(Stack.of(this), checked.access)),
      ),
    })
    api.route('POST /requests/{id}/extend', extend.function).route('POST /requests/{id}/review', review.function)
  }
}
