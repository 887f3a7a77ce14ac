import * as z from 'zod/mini'
import { $Entitlements } from '../api/answers.ts'
import { API_OPTIONS, apiGiven, apiOf, parsedAnswer } from '../api/api-command.ts'
import { command } from '../command.ts'
import { EXIT } from '../exit.ts'
import { inkFor } from '../print/ink.ts'
import { printJson } from '../print/json.ts'
import { shortDuration, stageText } from '../print/request-text.ts'
import { table } from '../print/table.ts'

export const entitlements = command({
  name: 'entitlements',
  does: 'list what you may ask for, with limits, parameters and approvers',
  examples: ['lapse entitlements', 'lapse entitlements --as alice'],
  options: API_OPTIONS,
  given: z.object(apiGiven),
  async run({ json, ...endpoint }, surroundings) {
    const answer = await apiOf(endpoint, surroundings).get('/entitlements')
    if (json) {
      printJson(surroundings, answer)
      return EXIT.ok
    }
    const { out } = surroundings
    const open = parsedAnswer($Entitlements, answer)
    if (open.entitlements.length === 0) {
      out.write(`No entitlement is open to ${open.person}.\n`)
      return EXIT.ok
    }
    out.write(
      table(
        {
          entitlement: row => row.entitlement,
          title: row => row.title,
          risk: row => row.risk,
          default: row => shortDuration(row.defaultDuration),
          maximum: row => shortDuration(row.maximumDuration),
          parameters: row =>
            Object.entries(row.parameters)
              .map(([name, { example }]) => `${name}=${example}`)
              .join(' '),
          approval: row => row.stages.map(stageText).join('; then '),
        },
        open.entitlements,
        inkFor(out, surroundings),
      ),
    )
    return EXIT.ok
  },
})
