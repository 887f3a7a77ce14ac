import type { AsIs } from '../domain/lease.ts'
import type { Request } from '../domain/request.ts'
import { type AsIsVerdict, judgeAsIs } from '../domain/sweep.ts'
import type { FreezeStore } from './ports/freeze-store.ts'
import type { PolicyRemover } from './ports/policies.ts'

interface SweepAsIsDeps {
  readonly freezes: Pick<FreezeStore, 'current'>
  readonly policies: Pick<PolicyRemover, 'isAttached'>
}

/** What the sweep does about a grant whose policy is attached as it is. What is due is ended whether or not freeze and IAM can be read. */
export async function judgedAsIs(
  { freezes, policies }: SweepAsIsDeps,
  request: Request,
  { policyArn }: AsIs,
  now: Date,
): Promise<AsIsVerdict> {
  const judged = judgeAsIs(request, { isFrozen: false, isAttached: true }, now)
  if (judged.verdict === 'end') return judged
  const [freeze, isAttached] = await Promise.all([
    freezes.current(),
    policies.isAttached(request.principal.arn, policyArn),
  ])
  return judgeAsIs(request, { isFrozen: freeze !== undefined, isAttached }, now)
}
