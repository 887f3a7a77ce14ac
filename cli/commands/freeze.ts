import * as z from 'zod/mini'
import { $Frozen } from '../api/answers.ts'
import { API_OPTIONS, apiGiven, apiOf, parsedAnswer } from '../api/api-command.ts'
import { command } from '../command.ts'
import { EXIT } from '../exit.ts'
import { inkFor } from '../print/ink.ts'
import { printJson } from '../print/json.ts'
import { facts } from '../print/table.ts'

export const freeze = command({
  name: 'freeze',
  does: 'refuse every new grant and end all live ones, now (administrators)',
  examples: ['lapse freeze --reason "Keys of a laptop were stolen"'],
  options: [{ form: '--reason <reason>', does: 'why; shown to everybody who is refused (required)' }, ...API_OPTIONS],
  given: z.object({ ...apiGiven, reason: z.string('must say why; it is shown to everybody who is refused') }),
  async run({ reason, json, ...endpoint }, surroundings) {
    const answer = await apiOf(endpoint, surroundings).post('/freeze', { reason })
    const frozen = parsedAnswer($Frozen, answer)
    const { out } = surroundings
    const ink = inkFor(out, surroundings)
    if (json) printJson(surroundings, answer)
    else {
      out.write(
        `${ink('yellow', 'Access is frozen')}: ${frozen.ended.length} ended, ${frozen.failed.length} not ended yet\n`,
      )
      out.write(facts({ by: frozen.by, at: frozen.at, reason: frozen.reason }, ink))
      out.write(facts(Object.fromEntries(frozen.ended.map(each => [each.requestId, 'ended'])), ink))
      out.write(facts(Object.fromEntries(frozen.failed.map(each => [each.requestId, `not ended: ${each.why}`])), ink))
    }
    return frozen.failed.length > 0 ? EXIT.no : EXIT.ok
  },
})
