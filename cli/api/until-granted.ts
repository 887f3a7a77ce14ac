import { EXIT, type Exit } from '../exit.ts'
import { inkFor } from '../print/ink.ts'
import { printJson } from '../print/json.ts'
import { requestText } from '../print/request-text.ts'
import type { Surroundings } from '../surroundings.ts'
import type { Api } from './api.ts'
import { watch } from './watch.ts'

const ON_THE_WAY: ReadonlySet<string> = new Set(['PENDING', 'APPROVED'])

/** Follows a request until its grant is in force, or will not be: exit 1. */
export async function untilGranted(
  api: Api,
  requestId: string,
  asJson: boolean,
  surroundings: Surroundings,
): Promise<Exit> {
  surroundings.err.write(`${requestId}\n`)
  const request = await watch(api, requestId, surroundings, ({ status }) => !ON_THE_WAY.has(status))
  const { out } = surroundings
  if (asJson) printJson(surroundings, await api.get(`/requests/${requestId}`))
  else out.write(requestText(request, inkFor(out, surroundings)))
  return request.status === 'ACTIVE' ? EXIT.ok : EXIT.no
}
