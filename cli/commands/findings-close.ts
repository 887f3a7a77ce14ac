import * as z from 'zod/mini'
import { API_OPTIONS, apiGiven, apiOf } from '../api/api-command.ts'
import { showFinding } from '../api/show-finding.ts'
import { command } from '../command.ts'
import { $findingId, FINDING_ARGUMENT } from '../given.ts'

export const findingsClose = command({
  name: 'findings close',
  does: 'close a finding that is not about you, which lets go of what it holds (auditors, administrators)',
  examples: ['lapse findings close 01MGFND1NG0000000000000001 --comment "A new task; her lead confirms it"'],
  arguments: [FINDING_ARGUMENT],
  options: [{ form: '--comment <comment>', does: 'what you found out; it is kept (required)' }, ...API_OPTIONS],
  given: z.object({
    ...apiGiven,
    id: $findingId,
    comment: z.string('must say what you found out'),
  }),
  async run({ id, comment, json, ...endpoint }, surroundings) {
    const api = apiOf(endpoint, surroundings)
    return showFinding(await api.post(`/findings/${id}/close`, { comment }), json, surroundings)
  },
})
