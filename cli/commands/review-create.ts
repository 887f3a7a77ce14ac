import * as z from 'zod/mini'
import { $OpenedReview } from '../api/answers.ts'
import { API_OPTIONS, apiGiven, apiOf, parsedAnswer } from '../api/api-command.ts'
import { command } from '../command.ts'
import { EXIT } from '../exit.ts'
import { $text } from '../given.ts'
import { printJson } from '../print/json.ts'
import { plainLine } from '../print/plain-line.ts'

export const reviewCreate = command({
  name: 'review create',
  does: 'start the production of a review (auditors, administrators)',
  examples: ['lapse review create', 'lapse review create --period 2026-Q4'],
  options: [
    { form: '--period <period>', does: 'a quarter, or days such as 2026-10-01..2026-10-15 (default: this quarter)' },
    ...API_OPTIONS,
  ],
  given: z.object({ ...apiGiven, period: $text }),
  async run({ period, json, ...endpoint }, surroundings) {
    const body = period === undefined ? undefined : { period }
    const answer = await apiOf(endpoint, surroundings).post('/reviews', body)
    const opened = parsedAnswer($OpenedReview, answer)
    if (json) printJson(surroundings, answer)
    else {
      const name = plainLine(opened.period)
      surroundings.out.write(`${name} version ${opened.version} is ${opened.status}; see lapse review list\n`)
    }
    return EXIT.ok
  },
})
