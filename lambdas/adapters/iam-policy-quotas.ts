import { GetAccountSummaryCommand, type IAMClient } from '@aws-sdk/client-iam'
import type { PolicyQuotas } from '../application/ports/policies.ts'
import { attachedPages, unlessGone } from './iam-policies.ts'

/** What an account has if IAM does not say: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const DEFAULT_POLICIES_QUOTA = 1500

/** IAM's own counts. */
export class IamPolicyQuotas implements PolicyQuotas {
  readonly #client: IAMClient

  constructor(client: IAMClient) {
    this.#client = client
  }

  async attachedTo(principalArn: string): Promise<number> {
    const counted = await unlessGone(async () => {
      let attached = 0
      for await (const { AttachedPolicies = [] } of attachedPages(this.#client, principalArn))
        attached += AttachedPolicies.length
      return attached
    })
    return counted ?? 0
  }

  async ofAccount(): Promise<{ readonly used: number; readonly quota: number }> {
    const { SummaryMap = {} } = await this.#client.send(new GetAccountSummaryCommand({}))
    return { used: SummaryMap.Policies ?? 0, quota: SummaryMap.PoliciesQuota ?? DEFAULT_POLICIES_QUOTA }
  }
}
