import * as z from 'zod/mini'
import { $RequestWithEvents } from '../api/answers.ts'
import { API_OPTIONS, apiGiven, apiOf, parsedAnswer } from '../api/api-command.ts'
import { watch } from '../api/watch.ts'
import { command } from '../command.ts'
import { EXIT } from '../exit.ts'
import { $requestId, $switch, ID_ARGUMENT } from '../given.ts'
import { activityText } from '../print/activity-text.ts'
import { inkFor } from '../print/ink.ts'
import { printJson } from '../print/json.ts'
import { eventsText, requestText } from '../print/request-text.ts'

const OPEN: ReadonlySet<string> = new Set(['PENDING', 'APPROVED', 'ACTIVE'])

export const status = command({
  name: 'status',
  does: 'show a request, what happened to it, and what was done with its grant',
  examples: ['lapse status 01MG08GPFT0000000000000001', 'lapse status 01MG08GPFT0000000000000001 --watch'],
  arguments: [ID_ARGUMENT],
  options: [{ form: '--watch', does: 'go on telling until it is over' }, ...API_OPTIONS],
  given: z.object({ ...apiGiven, id: $requestId, watch: $switch }),
  async run({ id, watch: isWatched, json, ...endpoint }, surroundings) {
    const api = apiOf(endpoint, surroundings)
    if (isWatched) await watch(api, id, surroundings, ({ status: now }) => !OPEN.has(now))
    const answer = await api.get(`/requests/${id}`)
    if (json) {
      printJson(surroundings, answer)
      return EXIT.ok
    }
    const request = parsedAnswer($RequestWithEvents, answer)
    const { out } = surroundings
    const ink = inkFor(out, surroundings)
    const activity = request.activity ? `\n${activityText(request.activity, ink)}` : ''
    out.write(`${requestText(request, ink)}\n${eventsText(request.events, ink)}${activity}`)
    return EXIT.ok
  },
})
