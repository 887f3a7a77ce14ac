import { EXIT, type Exit } from '../exit.ts'
import { findingText } from '../print/finding-text.ts'
import { inkFor } from '../print/ink.ts'
import { printJson } from '../print/json.ts'
import type { Surroundings } from '../surroundings.ts'
import { parsedAnswer } from './api-command.ts'
import { $Finding } from './finding-answer.ts'

/** Shows a finding as the API answered it. */
export function showFinding(answer: unknown, asJson: boolean, surroundings: Surroundings): Exit {
  const finding = parsedAnswer($Finding, answer)
  const { out } = surroundings
  if (asJson) printJson(surroundings, answer)
  else out.write(findingText(finding, inkFor(out, surroundings)))
  return EXIT.ok
}
