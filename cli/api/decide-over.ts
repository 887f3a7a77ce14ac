import type { Option } from '../command.ts'
import { BrokenWorldError, WrongUseError } from '../errors.ts'
import { EXIT, type Exit } from '../exit.ts'
import { inkFor } from '../print/ink.ts'
import { requestText, shortDuration, statementsText } from '../print/request-text.ts'
import { facts } from '../print/table.ts'
import type { Surroundings } from '../surroundings.ts'
import { $RequestWithEvents } from './answers.ts'
import { apiOf, parsedAnswer } from './api-command.ts'
import { changeRequest } from './change-request.ts'
import type { EndpointGiven } from './endpoint.ts'

export const DECISION_OPTIONS: readonly Option[] = [
  { form: '--comment <comment>', does: 'a word to the requester; it is recorded' },
  { form: '--yes', does: 'decide without being asked again; without a terminal this is required' },
]

interface Decision {
  readonly decision: 'approve' | 'deny'
  readonly duration?: string
  readonly comment?: string
}

/**
 * Shows what is asked and sends the decision with the hash of just that: if anything has changed since, it is refused.
 *
 * Invariant: nothing is decided that was not shown in this very call.
 */
export async function decideOver(
  requestId: string,
  decision: Decision,
  { json, yes, ...endpoint }: EndpointGiven & { readonly json: boolean; readonly yes: boolean },
  surroundings: Surroundings,
): Promise<Exit> {
  const api = apiOf(endpoint, surroundings)
  const shown = parsedAnswer($RequestWithEvents, await api.get(`/requests/${requestId}`))
  const { err } = surroundings
  const ink = inkFor(err, surroundings)
  err.write(requestText(shown, ink))
  const { seen, decidable } = shown
  if (seen === undefined || !decidable) {
    const why = shown.status === 'PENDING' ? 'it is not yours to answer now' : `it is ${shown.status}`
    throw new BrokenWorldError(`the request cannot be decided: ${why}`)
  }
  const { stage, shortestDuration, longestDuration, statements } = decidable
  const limits = `${shortDuration(shortestDuration)} to ${shortDuration(longestDuration)}`
  err.write(`${facts({ stage, 'may be allowed': limits }, ink)}\n${statementsText(statements, ink)}\n`)
  if (!yes && !(await isConfirmed(decision.decision, surroundings))) {
    err.write('Nothing was decided.\n')
    return EXIT.no
  }
  return changeRequest(api, `/requests/${requestId}/decision`, { ...decision, seen }, json, surroundings)
}

async function isConfirmed(decision: Decision['decision'], surroundings: Surroundings): Promise<boolean> {
  const answer = await surroundings.ask(`${decision === 'approve' ? 'Approve' : 'Deny'} this? [y/N] `)
  if (answer === undefined) throw new WrongUseError('nobody is at the terminal to confirm it; say --yes')
  return /^y(?:es)?$/i.test(answer.trim())
}
