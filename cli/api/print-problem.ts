import { inkFor } from '../print/ink.ts'
import { printJson } from '../print/json.ts'
import { plainLine } from '../print/plain-line.ts'
import { facts } from '../print/table.ts'
import type { Surroundings } from '../surroundings.ts'
import type { ApiProblemError } from './problem.ts'

/** What the API refused, why, and what would pass: for people on `err`, for programs as it came on `out`. */
export function printProblem({ problem }: ApiProblemError, asJson: boolean, surroundings: Surroundings): void {
  if (asJson) {
    printJson(surroundings, problem)
    return
  }
  const { err } = surroundings
  const ink = inkFor(err, surroundings)
  const { title, code, detail, rule, wouldPass, requestId, errors = [] } = problem
  err.write(`${ink('red', plainLine(title))} (${plainLine(code)}): ${plainLine(detail)}\n`)
  err.write(facts({ rule, 'would pass': wouldPass, request: requestId }, ink))
  for (const { at, message } of errors) err.write(`  ${plainLine(at)}: ${plainLine(message)}\n`)
}
