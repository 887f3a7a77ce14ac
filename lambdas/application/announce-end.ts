import { wholeSeconds } from '../domain/instant.ts'
import { note } from '../domain/lifecycle.ts'
import { isEndNear } from '../domain/sweep.ts'
import { type Telling, tell, toRequester } from './tell.ts'

/**
 * Tells the requester, once, that the end of their grant is near. The event is written first and on the condition that nothing else
 * was, so of two sweeps at once one tells; when something else was written, the next sweep is early enough.
 */
export async function announceEnd(deps: Telling, requestId: string): Promise<void> {
  const { store, clock, access } = deps
  const at = wholeSeconds(clock.now())
  const history = await store.history(requestId)
  if (!history || !isEndNear(history.request, at)) return
  const { request, events } = history
  if (events.some(({ type }) => type === 'end-announced')) return
  const announced = note(request, { type: 'end-announced', at, actor: { service: 'sweep' }, details: {} })
  if ((await store.commit(announced)) === 'lost') return
  await tell(deps, requestId, toRequester(access, announced.to, 'end-near'))
}
