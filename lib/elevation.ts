import { Lazy, Stack } from 'aws-cdk-lib'
import type { IRole } from 'aws-cdk-lib/aws-iam'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { Construct } from 'constructs'
import { BY_MONTH, BY_REQUESTER } from '../lambdas/contract/keys.ts'
import type { Env as AskApproversEnv } from '../lambdas/handlers/ask-approvers/env.ts'
import type { Env as AttachPolicyEnv } from '../lambdas/handlers/attach-policy/env.ts'
import type { Env as CancelRequestEnv } from '../lambdas/handlers/cancel-request/env.ts'
import type { Env as ClimbLadderEnv } from '../lambdas/handlers/climb-ladder/env.ts'
import type { Env as CreateRequestEnv } from '../lambdas/handlers/create-request/env.ts'
import type { Env as DecideByLinkEnv } from '../lambdas/handlers/decide-by-link/env.ts'
import type { Env as DetachPolicyEnv } from '../lambdas/handlers/detach-policy/env.ts'
import type { Env as IssuePolicyEnv } from '../lambdas/handlers/issue-policy/env.ts'
import type { Env as ListEntitlementsEnv } from '../lambdas/handlers/list-entitlements/env.ts'
import type { Env as ListRequestsEnv } from '../lambdas/handlers/list-requests/env.ts'
import type { Env as PreviewRequestEnv } from '../lambdas/handlers/preview-request/env.ts'
import type { Env as ReadRequestEnv } from '../lambdas/handlers/read-request/env.ts'
import type { Api } from './api.ts'
import { leasesIfAny } from './as-is-removal.ts'
import { type Asking, toAsk } from './asking.ts'
import type { CheckedAccess } from './checked-access.ts'
import { applierPermissions, lookAtTrust } from './iam/applier-permissions.ts'
import { issuerPermissions } from './iam/issuer-permissions.ts'
import { revokerPermissions } from './iam/revoker-permissions.ts'
import { LapseFunction } from './lapse-function.ts'
import { FINDING_ROWS } from './ledger-table.ts'
import type { Mail } from './mail.ts'
import { needs, permission } from './need.ts'
import { Workflow } from './workflow.ts'

export interface ElevationProps extends Asking {
  readonly mail: Mail
  readonly api: Api
  /** Where approvers reach the pages; no slash at its end. */
  readonly publicUrl: string
}

/** The way of a request: the functions of its API, the workflow, and the three that touch IAM, each with its own third of the power. */
export class Elevation extends Construct {
  readonly workflow: Workflow
  /** The role of whoever takes away at the planned end. */
  readonly remover: IRole

  constructor(scope: Construct, id: string, props: ElevationProps) {
    super(scope, id)
    const { remover, ...steps } = this.#steps(props)
    this.remover = remover
    this.workflow = new Workflow(this, 'Workflow', steps)
    this.#routes(props)
  }

  #steps({ checked, ledger, mail, publicUrl, boundaries }: ElevationProps) {
    const stack = Stack.of(this)
    const telling = needs(ledger.toUse({ writes: ['requests'] }), mail.toSend())
    const asking = needs(
      ledger.toUse({
        reads: ['freeze', ...FINDING_ROWS],
        writes: ['requests', 'links', 'taskTokens', 'debts'],
        finds: [BY_REQUESTER, BY_MONTH],
      }),
      mail.toSend(),
    )
    const issuing = permission(...issuerPermissions(stack))
    const applierRows = ledger.toUse({ reads: ['freeze'], writes: ['requests', ...leasesIfAny(checked.access)] })
    const applying = permission(...applierPermissions(stack, checked.access, boundaries))
    const revoking = permission(...revokerPermissions(stack))
    const revoker = new LapseFunction<DetachPolicyEnv>(this, 'Revoker', {
      checked,
      folder: 'detach-policy',
      does: 'takes the policy of a grant away and proves it, gives nothing',
      needs: needs(telling, revoking),
    })
    // The function is made before the state machine that calls it; its policy may name the machine all the same.
    const stateMachineArn = Lazy.string({ produce: () => this.workflow.stateMachine.stateMachineArn })
    const atUrl = { environment: { PUBLIC_URL: publicUrl }, statements: [] }
    return {
      askApprovers: new LapseFunction<AskApproversEnv>(this, 'AskApprovers', {
        checked,
        folder: 'ask-approvers',
        does: 'mails approvers their links',
        needs: needs(asking, atUrl, Workflow.toAnswer(stateMachineArn)),
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
        needs: needs(ledger.toUse({ reads: ['requests', 'freeze'] }), issuing),
      }).pinned(),
      attachPolicy: new LapseFunction<AttachPolicyEnv>(this, 'Applier', {
        checked,
        folder: 'attach-policy',
        does: 'attaches the policy of an approved request, writes none',
        needs: needs(applierRows, mail.toSend(), applying),
      }).pinned(),
      detachPolicy: revoker.pinned(),
      remover: revoker.role,
    }
  }

  #routes({ mail, api, ...asking }: ElevationProps): void {
    const { checked, ledger } = asking
    const proving = permission(...lookAtTrust(Stack.of(this), checked.access))
    const listEntitlements = this.#function<ListEntitlementsEnv>(
      'ListEntitlements',
      checked,
      'list-entitlements',
      'GET /entitlements',
      ledger.toUse({ reads: ['requests', 'uses', 'debts'] }),
    )
    const preview = this.#function<PreviewRequestEnv>(
      'PreviewRequest',
      checked,
      'preview-request',
      'POST /requests/preview',
      ledger.toUse({
        reads: ['requests', 'uses', 'debts', ...FINDING_ROWS],
        finds: [BY_REQUESTER, BY_MONTH],
      }),
    )
    const createNeeds = toAsk(this.workflow, asking)
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
      needs(ledger.toUse({ reads: ['requests'], finds: [BY_REQUESTER, BY_MONTH] }), proving),
    )
    const read = this.#function<ReadRequestEnv>(
      'ReadRequest',
      checked,
      'read-request',
      'GET /requests/{id}',
      needs(ledger.toUse({ reads: ['requests', 'trackRecords'] }), proving),
    )
    const cancelNeeds = needs(
      ledger.toUse({ reads: ['taskTokens'], writes: ['requests'] }),
      mail.toSend(),
      Workflow.toClose(this.workflow.stateMachine.stateMachineArn),
      proving,
    )
    const cancel = this.#function<CancelRequestEnv>(
      'CancelRequest',
      checked,
      'cancel-request',
      'POST /requests/{id}/cancel',
      cancelNeeds,
    )
    const decideNeeds = needs(
      ledger.toUse({
        reads: ['taskTokens', 'trackRecords'],
        writes: ['requests', 'links'],
        finds: [BY_REQUESTER, BY_MONTH],
      }),
      mail.toSend(),
      Workflow.toAnswer(this.workflow.stateMachine.stateMachineArn),
    )
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
