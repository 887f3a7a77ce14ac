import * as z from 'zod/mini'
import { API_OPTIONS, apiGiven, apiOf } from '../api/api-command.ts'
import { showFinding } from '../api/show-finding.ts'
import { command } from '../command.ts'
import { $findingId, FINDING_ARGUMENT } from '../given.ts'

export const findingsShow = command({
  name: 'findings show',
  does: 'show one finding, what it saw and what to do about it (auditors, administrators)',
  examples: ['lapse findings show 01MGFND1NG0000000000000001'],
  arguments: [FINDING_ARGUMENT],
  options: API_OPTIONS,
  given: z.object({ ...apiGiven, id: $findingId }),
  run: async ({ id, json, ...endpoint }, surroundings) =>
    showFinding(await apiOf(endpoint, surroundings).get(`/findings/${id}`), json, surroundings),
})
