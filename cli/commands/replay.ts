import * as z from 'zod/mini'
import { fileOfFolder, soundFile } from '../access-file.ts'
import { API_OPTIONS, apiGiven, apiOf } from '../api/api-command.ts'
import { command } from '../command.ts'
import { WrongUseError } from '../errors.ts'
import { EXIT } from '../exit.ts'
import { $instant, $switch, $text } from '../given.ts'
import { inkFor } from '../print/ink.ts'
import { printJson } from '../print/json.ts'
import { requestsOfApi } from '../replay/events-api.ts'
import { requestsOfFile } from '../replay/events-file.ts'
import { replay } from '../replay/replay.ts'
import { Tally } from '../replay/tally.ts'

export const replayCommand = command({
  name: 'replay',
  does: 'judge past requests by another access file: who would now pass, fail, or meet other limits and stages',
  examples: [
    'lapse replay --against new-access.yaml --from events.jsonl',
    'lapse replay --against new-access.yaml --from-api --since 2027-01-01T00:00:00Z --expect-same',
  ],
  options: [
    { form: '--against <file>', does: 'the access file to judge by (required)' },
    { form: '--from <file>', does: 'events of the ledger, one JSON object a line' },
    { form: '--from-api', does: 'the requests an auditor or administrator sees' },
    { form: '--since <instant>', does: 'only what was asked from then on' },
    {
      form: '--known <file>',
      does: 'the access file of the time, to compare limits (default: access.yaml, for requests that were judged by it)',
    },
    { form: '--expect-same', does: 'exit with 1 if anything changes' },
    ...API_OPTIONS,
  ],
  given: z.object({
    ...apiGiven,
    against: z.string('must name the access file to judge by'),
    from: $text,
    fromApi: $switch,
    since: z.optional($instant),
    known: $text,
    expectSame: $switch,
  }),
  async run({ against, from, fromApi, since, known, expectSame, json, ...endpoint }, surroundings) {
    if ((from === undefined) === !fromApi) throw new WrongUseError('say where requests come from: --from or --from-api')
    const { access } = soundFile(against, surroundings)
    const then = known === undefined ? fileOfFolder(surroundings) : soundFile(known, surroundings)
    const requests =
      from === undefined ? requestsOfApi(apiOf(endpoint, surroundings), since) : requestsOfFile(from, surroundings)
    const tally = new Tally()
    for await (const past of requests) {
      if (!since || past.askedAt >= since) tally.add(replay(past, access, then))
    }
    const { out } = surroundings
    if (json) printJson(surroundings, { against, totals: tally.totals, changed: tally.changed })
    else out.write(tally.text(inkFor(out, surroundings)))
    return expectSame && tally.changed.length > 0 ? EXIT.no : EXIT.ok
  },
})
