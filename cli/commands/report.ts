import * as z from 'zod/mini'
import { API_OPTIONS, apiGiven, apiOf, parsedAnswer } from '../api/api-command.ts'
import { command } from '../command.ts'
import { EXIT } from '../exit.ts'
import { $requestId, ID_ARGUMENT } from '../given.ts'
import { inkFor } from '../print/ink.ts'
import { printJson } from '../print/json.ts'
import { proofOf } from '../report/proof.ts'
import { reportOf } from '../report/report.ts'
import { reportText } from '../report/report-text.ts'
import { $ReportedRequest, $WithActivity } from '../report/reported-request.ts'

export const report = command({
  name: 'report',
  does: 'answer the five questions about a request, with its proof: who, which resources, why, when, what was done. Ends with 1 when the events do not prove it',
  examples: ['lapse report 01MG08GPFT0000000000000001', 'lapse report 01MG08GPFT0000000000000001 --json'],
  arguments: [ID_ARGUMENT],
  options: API_OPTIONS,
  given: z.object({ ...apiGiven, id: $requestId }),
  async run({ id, json, ...endpoint }, surroundings) {
    const answer = await apiOf(endpoint, surroundings).get(`/requests/${id}`)
    const request = parsedAnswer($ReportedRequest, answer)
    const { activity: done } = parsedAnswer($WithActivity, answer)
    const told = reportOf(request)
    const proof = proofOf(request, done)
    const { out } = surroundings
    if (json) printJson(surroundings, { ...told, done, proof })
    else out.write(reportText(told, proof, inkFor(out, surroundings)))
    return proof.flaws.length === 0 ? EXIT.ok : EXIT.no
  },
})
