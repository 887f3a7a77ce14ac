import * as z from 'zod/mini'
import { API_OPTIONS, apiGiven, apiOf } from '../api/api-command.ts'
import { changeRequest } from '../api/change-request.ts'
import { command } from '../command.ts'
import { $requestId, ID_ARGUMENT } from '../given.ts'

export const revoke = command({
  name: 'revoke',
  does: 'take a grant away at once (administrators); done when the policy is gone',
  examples: ['lapse revoke 01MG08GPFT0000000000000001 --reason "The keys leaked"'],
  arguments: [ID_ARGUMENT],
  options: [{ form: '--reason <reason>', does: 'why (required)' }, ...API_OPTIONS],
  given: z.object({ ...apiGiven, id: $requestId, reason: z.string('must say why it is taken away') }),
  run: ({ id, reason, json, ...endpoint }, surroundings) =>
    changeRequest(apiOf(endpoint, surroundings), `/requests/${id}/revoke`, { reason }, json, surroundings),
})
