import { freezeAccess } from '../../lambdas/application/freeze-access.ts'
import { requestAccess } from '../../lambdas/application/request-access.ts'
import type { AccessFile } from '../../lambdas/domain/access-file.ts'
import { plusSeconds } from '../../lambdas/domain/instant.ts'
import { isOpen, type Principal } from '../../lambdas/domain/request.ts'
import type { adaptersOn } from './fault-house.ts'
import type { GivenIds } from './given-ids.ts'

export interface FreezeTools {
  readonly access: AccessFile
  readonly adapters: ReturnType<typeof adaptersOn>
  readonly ids: GivenIds
  readonly requester: string
  readonly principal: Principal
  readonly begins: Date
}

export interface FreezeDeeds {
  /** Requests the receipts say were ended. */
  readonly ended: readonly string[]
  /** Of these, those that were not over when the freeze was said to be done. */
  readonly stillOpen: readonly string[]
  /** What came of an ask while access was frozen. */
  readonly askedMeanwhile: string
}

/** Tries of an administrator until nothing fails; the freeze stands from the first on. */
const PATIENCE = 6

/** An administrator freezes access amid the lives of others, somebody asks meanwhile, and it is lifted. */
export async function freezeOnce(number: number, tools: FreezeTools): Promise<FreezeDeeds> {
  const { access, adapters, ids, requester, principal } = tools
  const at = plusSeconds(tools.begins, 60)
  const deps = {
    ...adapters,
    access,
    ids,
    policies: adapters.remover,
    clock: { now: () => at },
    announcer: { announce: async () => {} },
    workflow: { start: async () => {} },
    accessHash: 'a',
    attachmentsPerUser: 10,
    principals: adapters.binder,
    boundaries: [],
    quotas: { attachedTo: async () => 0, ofAccount: async () => ({ used: 0, quota: 1500 }) },
  }
  const ended: string[] = []
  await untilDone(async () => {
    const receipt = await freezeAccess(deps, { by: 'adam', at, reason: 'an intruder' })
    ended.push(...receipt.ended.map(({ requestId }) => requestId))
    return receipt.failed.length === 0
  }, PATIENCE)
  const stillOpen: string[] = []
  for (const id of ended) {
    await untilDone(async () => {
      const request = await adapters.store.find(id)
      if (!request || isOpen(request)) stillOpen.push(id)
      return true
    }, PATIENCE)
  }
  const reason = `asked while frozen ${number}`
  const ask = { entitlement: 'logs-read', durationSeconds: 1800, parameters: {} }
  let askedMeanwhile = 'unanswered'
  await untilDone(async () => {
    askedMeanwhile = (await requestAccess(deps, { requester, principal, ask, reason, idempotencyKey: reason })).outcome
    return true
  }, PATIENCE)
  await untilDone(async () => {
    await adapters.freezes.lift('adam', at)
    return true
  }, Infinity)
  return { ended, stillOpen, askedMeanwhile }
}

async function untilDone(work: () => Promise<boolean>, most: number): Promise<void> {
  for (let attempt = 1; attempt <= most; attempt += 1) {
    try {
      if (await work()) return
    } catch (error) {
      // A mistake of the test is no fault of AWS.
      if (error instanceof TypeError || error instanceof ReferenceError) throw error
    }
  }
}
