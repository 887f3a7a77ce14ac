import * as z from 'zod/mini'
import { DEBT_VERDICTS } from '../../lambdas/domain/request.ts'
import { API_OPTIONS, apiGiven, apiOf } from '../api/api-command.ts'
import { changeRequest } from '../api/change-request.ts'
import { command } from '../command.ts'
import { $requestId, ID_ARGUMENT } from '../given.ts'

export const settle = command({
  name: 'settle',
  does: 'say whether an emergency was justified, which closes the review its requester owes (reviewers)',
  examples: ['lapse settle 01MG08GPFT0000000000000001 --verdict justified --comment "The site was down"'],
  arguments: [ID_ARGUMENT],
  options: [
    { form: '--verdict <verdict>', does: `${DEBT_VERDICTS.join(' or ')} (required)`, values: DEBT_VERDICTS },
    { form: '--comment <comment>', does: 'what you looked at; it is recorded (required)' },
    ...API_OPTIONS,
  ],
  given: z.object({
    ...apiGiven,
    id: $requestId,
    verdict: z.enum(DEBT_VERDICTS, `must be one of ${DEBT_VERDICTS.join(', ')}`),
    comment: z.string('must say what you looked at'),
  }),
  run: ({ id, verdict, comment, json, ...endpoint }, surroundings) =>
    changeRequest(apiOf(endpoint, surroundings), `/requests/${id}/review`, { verdict, comment }, json, surroundings),
})
