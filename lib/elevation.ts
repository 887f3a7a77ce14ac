import { Lazy, Stack } from 'aws-cdk-lib'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { Construct } from 'constructs'
import type { Env as AskApproversEnv } from '../lambdas/handlers/ask-approvers/env.ts'
import type { Env as AttachPolicyEnv } from '../lambdas/handlers/attach-policy/env.ts'
import type { Env as CancelRequestEnv } from '../lambdas/handlers/cancel-request/env.ts'
import type { Env as ClimbLadderEnv } from '../lambdas/handlers/climb-ladder/env.ts'
import type { Env as CreateRequestEnv } from '../lambdas/handlers/create-request/env.ts'
import type { Env as DecideByLinkEnv } from '../lambdas/handlers/decide-by-link/env.ts'
import type { Env as DetachPolicyEnv } from '../lambdas/handlers/detach-policy/env.ts'
import type { Env as IssuePolicyEnv } from '../lambdas/handlers/issue-policy/env.ts'
import type { Env as ListRequestsEnv } from '../lambdas/handlers/list-requests/env.ts'
import type { Env as ReadRequestEnv } from '../lambdas/handlers/read-request/env.ts'
import type { Api } from './api.ts'
import type { CheckedAccess } from './checked-access.ts'
import { applierPermissions } from './iam/applier-permissions.ts'
import { issuerPermissions } from './iam/issuer-permissions.ts'
import { quotaPermissions } from './iam/quota-permissions.ts'
import { revokerPermissions } from './iam/revoker-permissions.ts'
import { LapseFunction } from './lapse-function.ts'
import type { LedgerTable } from './ledger-table.ts'
import type { Mail } from './mail.ts'
import { needs, permission } from './need.ts'
import { Workflow } from './workflow.ts'

export interface ElevationProps {
  readonly checked: CheckedAccess
  readonly ledger: LedgerTable
  readonly mail: Mail
  readonly api: Api
  /** Where approvers reach the pages; no slash at its end. */
  readonly publicUrl: string
  /** Permissions boundaries one of which people must carry to get a grant; none: anybody. */
  readonly boundaries: readonly string[]
  /** IAM's quota of managed policies a user, as AWS has set it for the account. */
  readonly attachmentsPerUser: number
}

/** The way of a request: the functions of its API, the workflow, and the three that touch IAM, each with its own third of the power. */
export class Elevation extends Construct {
  readonly workflow: Workflow

  constructor(scope: Construct, id: string, props: ElevationProps) {
    super(scope, id)
    this.workflow = new Workflow(this, 'Workflow', this.#steps(props))
    this.#routes(props)
  }

  #steps({ checked, ledger, mail, publicUrl, boundaries }: ElevationProps) {
    const stack = Stack.of(this)
    const telling = needs(ledger.toWrite(), mail.toSend())
    const issuing = permission(...issuerPermissions(stack))
    const applying = permission(...applierPermissions(stack, checked.access, boundaries))
    const revoking = permission(...revokerPermissions(stack))
    // The function is made before the state machine that calls it; its policy may name the machine all the same.
    const stateMachineArn = Lazy.string({ produce: () => this.workflow.stateMachine.stateMachineArn })
    const atUrl = { environment: { PUBLIC_URL: publicUrl }, statements: [] }
    return {
      askApprovers: new LapseFunction<AskApproversEnv>(this, 'AskApprovers', {
        checked,
        folder: 'ask-approvers',
        does: 'mails approvers their links',
        needs: needs(telling, atUrl, Workflow.toAnswer(stateMachineArn)),
      }).pinned(),
      climbLadder: new LapseFunction<ClimbLadderEnv>(this, 'ClimbLadder', {
        checked,
        folder: 'climb-ladder',
        does: 'reminds approvers or gives a request up',
        needs: telling,
      }).pinned(),
      issuePolicy: new LapseFunction<IssuePolicyEnv>(this, 'Issuer', {
        checked,
        folder: 'issue-policy',
        does: 'writes the fenced policy of an approved request, attaches nothing',
        needs: needs(ledger.toRead(), issuing),
      }).pinned(),
      attachPolicy: new LapseFunction<AttachPolicyEnv>(this, 'Applier', {
        checked,
        folder: 'attach-policy',
        does: 'attaches the policy of an approved request, writes none',
        needs: needs(telling, applying),
      }).pinned(),
      detachPolicy: new LapseFunction<DetachPolicyEnv>(this, 'Revoker', {
        checked,
        folder: 'detach-policy',
        does: 'takes the policy of a grant away and proves it, gives nothing',
        needs: needs(telling, revoking),
      }).pinned(),
    }
  }

  #routes({ checked, ledger, mail, api, attachmentsPerUser }: ElevationProps): void {
    const answering = Workflow.toAnswer(this.workflow.stateMachine.stateMachineArn)
    const listEntitlements = this.#function<object>(
      'ListEntitlements',
      checked,
      'list-entitlements',
      'GET /entitlements',
      needs(),
    )
    const preview = this.#function<object>(
      'PreviewRequest',
      checked,
      'preview-request',
      'POST /requests/preview',
      needs(),
    )
    const createNeeds = needs(
      ledger.toWrite(),
      this.workflow.toStart(),
      permission(...quotaPermissions(Stack.of(this), checked.access)),
      { environment: { ATTACHMENTS_PER_USER: String(attachmentsPerUser) }, statements: [] },
    )
    const create = this.#function<CreateRequestEnv>(
      'CreateRequest',
      checked,
      'create-request',
      'POST /requests',
      createNeeds,
    )
    const list = this.#function<ListRequestsEnv>(
      'ListRequests',
      checked,
      'list-requests',
      'GET /requests',
      ledger.toRead(),
    )
    const read = this.#function<ReadRequestEnv>(
      'ReadRequest',
      checked,
      'read-request',
      'GET /requests/{id}',
      ledger.toRead(),
    )
    const cancelNeeds = needs(ledger.toWrite(), mail.toSend(), answering)
    const cancel = this.#function<CancelRequestEnv>(
      'CancelRequest',
      checked,
      'cancel-request',
      'POST /requests/{id}/cancel',
      cancelNeeds,
    )
    const decideNeeds = needs(ledger.toWrite(), mail.toSend(), answering)
    const decide = this.#function<DecideByLinkEnv>(
      'DecideByLink',
      checked,
      'decide-by-link',
      'pages behind approval links',
      decideNeeds,
    )
    api
      .route('GET /entitlements', listEntitlements)
      .route('POST /requests/preview', preview)
      .route('POST /requests', create)
      .route('GET /requests', list)
      .route('GET /requests/{id}', read)
      .route('POST /requests/{id}/cancel', cancel)
      .route('GET /decide/{token}', decide, { isOpen: true })
      .route('POST /decide/{token}', decide, { isOpen: true })
  }

  #function<Env>(
    id: string,
    checked: CheckedAccess,
    folder: string,
    does: string,
    need: ConstructorParameters<typeof LapseFunction<Env>>[2]['needs'],
  ): IFunction {
    return new LapseFunction<Env>(this, id, { checked, folder, does, needs: need }).function
  }
}
