import * as z from 'zod/mini'
import type { AccessFile } from '../../lambdas/domain/access-file.ts'
import { toInstant } from '../../lambdas/domain/instant.ts'
import { nearestName } from '../../lib/access-file/nearest-name.ts'
import { DEFAULT_FILE, soundFile } from '../access-file.ts'
import { command } from '../command.ts'
import { WrongUseError } from '../errors.ts'
import { EXIT } from '../exit.ts'
import { explain } from '../explain/explanation.ts'
import { explanationText } from '../explain/explanation-text.ts'
import {
  $duration,
  $instant,
  $parameters,
  $switch,
  DURATION_OPTION,
  FILE_OPTION,
  JSON_OPTION,
  PARAMETER_OPTION,
} from '../given.ts'
import { inkFor } from '../print/ink.ts'
import { printJson } from '../print/json.ts'

export const explainCommand = command({
  name: 'explain',
  does: 'say how an access file judges a person’s ask: which rules name them, the limit, who can approve',
  examples: ['lapse explain alice orders-read --duration 30m', 'lapse explain victor orders-read'],
  arguments: [
    { form: '<person>', does: 'the id of a person in the access file' },
    { form: '<entitlement>', does: 'the id of an entitlement' },
  ],
  options: [
    DURATION_OPTION,
    PARAMETER_OPTION,
    { form: '--at <instant>', does: 'when it is asked, such as 2027-03-01T11:00:00Z (default: now)' },
    { form: '--break-glass', does: 'as an emergency' },
    FILE_OPTION,
    JSON_OPTION,
  ],
  given: z.object({
    person: z.string(),
    entitlement: z.string(),
    duration: z.optional($duration),
    param: $parameters,
    at: z.optional($instant),
    breakGlass: $switch,
    file: z._default(z.string(), DEFAULT_FILE),
    json: $switch,
  }),
  async run({ person, entitlement, duration, param, at, breakGlass, file, json }, surroundings) {
    const { access } = soundFile(file, surroundings)
    mustKnow(access, person, file)
    const asked = at ?? surroundings.now()
    const ask = { entitlement, durationSeconds: duration, parameters: param, isBreakGlass: breakGlass }
    const explanation = explain(access, person, ask, asked)
    const isAllowed = explanation.evaluation.outcome === 'allowed'
    if (json) printJson(surroundings, { person, entitlement, at: toInstant(asked), ...explanation })
    else {
      const near = nearestName(entitlement, Object.keys(access.entitlements))
      const isUnknown = !Object.hasOwn(access.entitlements, entitlement)
      const { out } = surroundings
      out.write(explanationText(explanation, person, entitlement, inkFor(out, surroundings)))
      if (isUnknown && near) out.write(`Did you mean ${near}?\n`)
    }
    return isAllowed ? EXIT.ok : EXIT.no
  },
})

/** A mistyped person would read as one whom no rule names. */
function mustKnow({ people }: AccessFile, person: string, file: string): void {
  if (Object.hasOwn(people, person)) return
  const near = nearestName(person, Object.keys(people))
  throw new WrongUseError(
    `${file} has no person ${person}; ${near ? `did you mean ${near}` : 'give the id of one of its people'}?`,
  )
}
