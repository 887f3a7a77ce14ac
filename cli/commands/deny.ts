import * as z from 'zod/mini'
import { API_OPTIONS, apiGiven } from '../api/api-command.ts'
import { DECISION_OPTIONS, decideOver } from '../api/decide-over.ts'
import { command } from '../command.ts'
import { $requestId, $switch, $text, ID_ARGUMENT } from '../given.ts'

export const deny = command({
  name: 'deny',
  does: 'deny a request, after showing what is asked',
  examples: ['lapse deny 01MG08GPFT0000000000000001 --comment "Use the read replica"'],
  arguments: [ID_ARGUMENT],
  options: [...DECISION_OPTIONS, ...API_OPTIONS],
  given: z.object({ ...apiGiven, id: $requestId, comment: $text, yes: $switch }),
  run: ({ id, comment, yes, json, ...endpoint }, surroundings) =>
    decideOver(
      id,
      { decision: 'deny', ...(comment !== undefined && { comment }) },
      { ...endpoint, json, yes },
      surroundings,
    ),
})
