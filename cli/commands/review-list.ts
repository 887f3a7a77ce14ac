import * as z from 'zod/mini'
import { $Reviews } from '../api/answers.ts'
import { API_OPTIONS, apiGiven, apiOf, parsedAnswer } from '../api/api-command.ts'
import { command } from '../command.ts'
import { EXIT } from '../exit.ts'
import { inkFor } from '../print/ink.ts'
import { printJson } from '../print/json.ts'
import { table } from '../print/table.ts'

export const reviewList = command({
  name: 'review list',
  does: 'list the reviews and what they found (auditors, administrators)',
  examples: ['lapse review list'],
  options: API_OPTIONS,
  given: z.object(apiGiven),
  async run({ json, ...endpoint }, surroundings) {
    const answer = await apiOf(endpoint, surroundings).get('/reviews')
    const { reviews } = parsedAnswer($Reviews, answer)
    const { out } = surroundings
    if (json) printJson(surroundings, answer)
    else if (reviews.length === 0) out.write('No reviews.\n')
    else {
      out.write(
        table(
          {
            period: row => row.period,
            version: row => row.version,
            status: row => row.failure ?? row.status,
            by: row => row.requestedBy,
            requests: row => row.pack?.counts.requests,
            grants: row => row.pack?.counts.grants,
            chain: row => row.pack?.chain,
            lingering: row => row.pack?.lingering,
          },
          reviews,
          inkFor(out, surroundings),
        ),
      )
    }
    return EXIT.ok
  },
})
