import * as z from 'zod/mini'
import { toIsoDuration } from '../../lambdas/domain/duration.ts'
import { API_OPTIONS, apiGiven } from '../api/api-command.ts'
import { DECISION_OPTIONS, decideOver } from '../api/decide-over.ts'
import { command } from '../command.ts'
import { $duration, $requestId, $switch, $text, DURATION_OPTION, ID_ARGUMENT } from '../given.ts'

export const approve = command({
  name: 'approve',
  does: 'approve a request, after showing what is asked; the decision holds for exactly that',
  examples: [
    'lapse approve 01MG08GPFT0000000000000001',
    'lapse approve 01MG08GPFT0000000000000001 --duration 15m --comment "Long enough" --yes',
  ],
  arguments: [ID_ARGUMENT],
  options: [
    { ...DURATION_OPTION, does: 'allow less than was asked, such as 15m' },
    ...DECISION_OPTIONS,
    ...API_OPTIONS,
  ],
  given: z.object({ ...apiGiven, id: $requestId, duration: z.optional($duration), comment: $text, yes: $switch }),
  run: ({ id, duration, comment, yes, json, ...endpoint }, surroundings) =>
    decideOver(
      id,
      {
        decision: 'approve',
        ...(duration !== undefined && { duration: toIsoDuration(duration) }),
        ...(comment !== undefined && { comment }),
      },
      { ...endpoint, json, yes },
      surroundings,
    ),
})
