import { GetAccountSummaryCommand, type IAMClient, paginateListAttachedUserPolicies } from '@aws-sdk/client-iam'
import type { PolicyQuotas } from '../application/ports/policies.ts'
import { nameInArn } from './iam-policies.ts'

/** What an account has if IAM does not say: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const DEFAULT_POLICIES_QUOTA = 1500

/** IAM's own counts. */
export class IamPolicyQuotas implements PolicyQuotas {
  readonly #client: IAMClient

  constructor(client: IAMClient) {
    this.#client = client
  }

  async attachedTo(principalArn: string): Promise<number> {
    let attached = 0
    const pages = paginateListAttachedUserPolicies({ client: this.#client }, { UserName: nameInArn(principalArn) })
    for await (const { AttachedPolicies = [] } of pages) attached += AttachedPolicies.length
    return attached
  }

  async ofAccount(): Promise<{ readonly used: number; readonly quota: number }> {
    const { SummaryMap = {} } = await this.#client.send(new GetAccountSummaryCommand({}))
    return { used: SummaryMap.Policies ?? 0, quota: SummaryMap.PoliciesQuota ?? DEFAULT_POLICIES_QUOTA }
  }
}
