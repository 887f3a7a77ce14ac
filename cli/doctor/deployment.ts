import { $Entitlements } from '../api/answers.ts'
import { Api } from '../api/api.ts'
import { parsedAnswer } from '../api/api-command.ts'
import { type EndpointGiven, endpointOf } from '../api/endpoint.ts'
import { ApiProblemError } from '../api/problem.ts'
import { WrongUseError } from '../errors.ts'
import type { Surroundings } from '../surroundings.ts'
import { attempted, type Finding, type Verdict } from './finding.ts'

/** Whether the API answers, and knows who calls. */
export function deploymentFinding(given: EndpointGiven, surroundings: Surroundings): Promise<Finding> {
  return attempted('API', async (): Promise<Verdict> => {
    try {
      const endpoint = endpointOf(given, surroundings)
      const api = new Api(endpoint, surroundings)
      const { person, entitlements } = parsedAnswer($Entitlements, await api.get('/entitlements'))
      return {
        verdict: 'fine',
        detail: `${endpoint.apiUrl} knows you as ${person}, with ${entitlements.length} entitlements`,
      }
    } catch (error) {
      if (error instanceof WrongUseError) return { verdict: 'could not check', detail: error.message }
      if (!(error instanceof ApiProblemError)) throw error
      const { code, detail, wouldPass = 'see docs/api.md' } = error.problem
      return { verdict: 'missing', detail: `${code}: ${detail}`, remedy: wouldPass }
    }
  })
}
