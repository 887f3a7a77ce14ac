import { wholeSeconds } from '../domain/instant.ts'
import { requestIdOfPolicy } from '../domain/sweep.ts'
import { type FreezeAccessDeps, freezeAccess } from './freeze-access.ts'

export interface DrainGrantsDeps extends FreezeAccessDeps {
  /** Waits between two rounds. */
  readonly pause: () => Promise<void>
}

export type Drained =
  | { readonly outcome: 'drained'; readonly ended: number }
  /** Policies are still there: the stack must not go. */
  | { readonly outcome: 'not-drained'; readonly left: readonly string[] }

/** IAM answers within seconds, or is away for longer than a deletion should wait. */
const MOST_ROUNDS = 5

/**
 * Ends every grant before the stack that would end them is deleted: freezes, so that none is made meanwhile, ends all that live, and
 * looks until IAM shows no policy under Lapse's path. What is not drained keeps the stack from being deleted.
 */
export async function drainGrants(deps: DrainGrantsDeps): Promise<Drained> {
  let ended = 0
  for (let round = 1; ; round += 1) {
    const freeze = { by: DRAIN, at: wholeSeconds(deps.clock.now()), reason: 'the stack is being deleted' }
    const receipt = await freezeAccess(deps, freeze, { service: DRAIN })
    ended += receipt.ended.length
    await removeForeign(deps)
    const left = await policiesLeft(deps)
    if (left.length === 0) return { outcome: 'drained', ended }
    if (round === MOST_ROUNDS) return { outcome: 'not-drained', left }
    await deps.pause()
  }
}

const DRAIN = 'drain'

/** A policy under Lapse's path that no grant has would keep the stack for ever: nobody would be left to remove it. */
async function removeForeign(deps: DrainGrantsDeps): Promise<void> {
  for (const arn of await policiesLeft(deps)) {
    const request = await deps.store.find(requestIdOfPolicy(arn))
    if (request?.grant?.policyArn !== arn) await deps.policies.remove(arn)
  }
}

async function policiesLeft({ inventory }: DrainGrantsDeps): Promise<readonly string[]> {
  const left: string[] = []
  for await (const arn of inventory.grantPolicies()) left.push(arn)
  return left
}
