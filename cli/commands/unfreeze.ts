import * as z from 'zod/mini'
import { $Lifted } from '../api/answers.ts'
import { API_OPTIONS, apiGiven, apiOf, parsedAnswer } from '../api/api-command.ts'
import { command } from '../command.ts'
import { EXIT } from '../exit.ts'
import { printJson } from '../print/json.ts'
import { plainLine } from '../print/plain-line.ts'

export const unfreeze = command({
  name: 'unfreeze',
  does: 'lift the freeze (administrators); what was ended stays ended',
  examples: ['lapse unfreeze'],
  options: API_OPTIONS,
  given: z.object(apiGiven),
  async run({ json, ...endpoint }, surroundings) {
    const answer = await apiOf(endpoint, surroundings).delete('/freeze')
    const { by, at } = parsedAnswer($Lifted, answer)
    if (json) printJson(surroundings, answer)
    else surroundings.out.write(`The freeze is lifted, by ${plainLine(by)} at ${plainLine(at)}.\n`)
    return EXIT.ok
  },
})
