import * as z from 'zod/mini'
import { API_OPTIONS, apiGiven, apiOf } from '../api/api-command.ts'
import { changeRequest } from '../api/change-request.ts'
import { command } from '../command.ts'
import { $requestId, ID_ARGUMENT } from '../given.ts'

export const end = command({
  name: 'end',
  does: 'give your grant back before its time; done when the policy is gone',
  examples: ['lapse end 01MG08GPFT0000000000000001'],
  arguments: [ID_ARGUMENT],
  options: API_OPTIONS,
  given: z.object({ ...apiGiven, id: $requestId }),
  run: ({ id, json, ...endpoint }, surroundings) =>
    changeRequest(apiOf(endpoint, surroundings), `/requests/${id}/end`, undefined, json, surroundings),
})
