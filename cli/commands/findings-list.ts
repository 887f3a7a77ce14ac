import * as z from 'zod/mini'
import { FINDING_STATES } from '../../lambdas/contract/finding-query.ts'
import { nearestName } from '../../lib/access-file/nearest-name.ts'
import type { Api } from '../api/api.ts'
import { API_OPTIONS, apiGiven, apiOf, parsedAnswer } from '../api/api-command.ts'
import { $Findings, type FindingAnswer } from '../api/finding-answer.ts'
import { command } from '../command.ts'
import { EXIT } from '../exit.ts'
import { findingsTable } from '../print/finding-text.ts'
import { inkFor } from '../print/ink.ts'
import { printJson } from '../print/json.ts'

const $state = z.pipe(
  z.string(),
  z.transform((text, ctx) => {
    const known = FINDING_STATES.find(state => state === text.toLowerCase())
    if (known) return known
    const near = nearestName(text.toLowerCase(), FINDING_STATES)
    const message = `must be ${FINDING_STATES.join(' or ')}${near ? `; did you mean ${near}?` : ''}`
    ctx.issues.push({ code: 'custom', message, input: text })
    return z.NEVER
  }),
)

export const findingsList = command({
  name: 'findings list',
  isDefault: true,
  does: 'list what a person should look at, newest first (auditors, administrators)',
  examples: ['lapse findings list', 'lapse findings --state closed --json'],
  options: [
    { form: '--state <state>', does: `${FINDING_STATES.join(' or ')} (default: open)`, values: FINDING_STATES },
    ...API_OPTIONS,
  ],
  given: z.object({ ...apiGiven, state: z._default($state, 'open') }),
  async run({ json, state, ...endpoint }, surroundings) {
    const { out } = surroundings
    const { answers, findings } = await allFindings(apiOf(endpoint, surroundings), state)
    if (json) printJson(surroundings, answers)
    else if (findings.length === 0) out.write(`No finding is ${state}.\n`)
    else {
      out.write(findingsTable(findings, inkFor(out, surroundings)))
      if (state === 'open') surroundings.err.write('Read one with lapse findings show <id>; then close it.\n')
    }
    return EXIT.ok
  },
})

/** Every page of them. */
async function allFindings(api: Api, state: string) {
  const findings: FindingAnswer[] = []
  const answers: unknown[] = []
  let after: string | undefined
  do {
    const query = new URLSearchParams({ state, limit: '100', ...(after !== undefined && { after }) })
    const answer = await api.get(`/findings?${query}`)
    const page = parsedAnswer($Findings, answer)
    answers.push(...parsedAnswer(z.object({ findings: z.array(z.unknown()) }), answer).findings)
    findings.push(...page.findings)
    after = page.next
  } while (after !== undefined)
  return { answers, findings }
}
