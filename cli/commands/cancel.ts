import * as z from 'zod/mini'
import { API_OPTIONS, apiGiven, apiOf } from '../api/api-command.ts'
import { changeRequest } from '../api/change-request.ts'
import { command } from '../command.ts'
import { $requestId, ID_ARGUMENT } from '../given.ts'

export const cancel = command({
  name: 'cancel',
  does: 'take back a request that nobody has answered yet',
  examples: ['lapse cancel 01MG08GPFT0000000000000001'],
  arguments: [ID_ARGUMENT],
  options: API_OPTIONS,
  given: z.object({ ...apiGiven, id: $requestId }),
  run: ({ id, json, ...endpoint }, surroundings) =>
    changeRequest(apiOf(endpoint, surroundings), `/requests/${id}/cancel`, undefined, json, surroundings),
})
