import * as z from 'zod/mini'
import { toIsoDuration } from '../../lambdas/domain/duration.ts'
import { API_OPTIONS, apiGiven, apiOf } from '../api/api-command.ts'
import { changeRequest } from '../api/change-request.ts'
import { KEY_OPTION, TICKET_OPTION } from '../asking.ts'
import { command } from '../command.ts'
import { $duration, $requestId, $text, DURATION_OPTION, ID_ARGUMENT } from '../given.ts'

export const extend = command({
  name: 'extend',
  does: 'ask for more time: a new request, linked to this one and judged by the same rules',
  examples: ['lapse extend 01MG08GPFT0000000000000001 --duration 30m --reason "The import is at 80 %"'],
  arguments: [ID_ARGUMENT],
  options: [
    { ...DURATION_OPTION, does: 'how much longer, such as 30m (required)' },
    { form: '--reason <reason>', does: 'why; approvers read it (required)' },
    TICKET_OPTION,
    KEY_OPTION,
    ...API_OPTIONS,
  ],
  given: z.object({
    ...apiGiven,
    id: $requestId,
    duration: z.pipe(z.string('must say how much longer'), $duration),
    reason: z.string('must say why you need more time'),
    ticket: $text,
    key: $text,
  }),
  run({ id, duration, reason, ticket, key, json, ...endpoint }, surroundings) {
    const api = apiOf(endpoint, surroundings)
    const body = { duration: toIsoDuration(duration), reason, ...(ticket !== undefined && { ticket }) }
    const headers = { 'idempotency-key': key ?? surroundings.newKey() }
    return changeRequest(api, `/requests/${id}/extend`, body, json, surroundings, headers)
  },
})
