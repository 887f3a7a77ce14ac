import * as z from 'zod/mini'
import { $Preview } from '../api/answers.ts'
import { API_OPTIONS, apiGiven, apiOf, parsedAnswer } from '../api/api-command.ts'
import { ASK_OPTIONS, askBody, askGiven, ENTITLEMENT_ARGUMENT } from '../asking.ts'
import { command } from '../command.ts'
import { EXIT } from '../exit.ts'
import { type Ink, inkFor } from '../print/ink.ts'
import { printJson } from '../print/json.ts'
import { plainLine } from '../print/plain-line.ts'
import { shortDuration, stageText, statementsText } from '../print/request-text.ts'
import { facts } from '../print/table.ts'

export const preview = command({
  name: 'preview',
  does: 'show what a request would meet: the answer, the limit, the approvers, the statements. Nothing is recorded',
  examples: ['lapse preview orders-read --duration 30m --param bucket=acme-orders-2026'],
  arguments: [ENTITLEMENT_ARGUMENT],
  options: [...ASK_OPTIONS, ...API_OPTIONS],
  given: z.object({ ...apiGiven, ...askGiven }),
  async run({ json, api, region, as, ...asked }, surroundings) {
    const answer = await apiOf({ api, region, as }, surroundings).post('/requests/preview', askBody(asked))
    const previewed = parsedAnswer($Preview, answer)
    const { out } = surroundings
    if (json) printJson(surroundings, answer)
    else out.write(previewText(previewed, asked.entitlement, inkFor(out, surroundings)))
    return previewed.decision === 'refused' ? EXIT.no : EXIT.ok
  },
})

function previewText(previewed: z.output<typeof $Preview>, entitlement: string, ink: Ink): string {
  if ('detail' in previewed) {
    const { code, rule, detail, wouldPass } = previewed
    const head = `${ink('red', '✗')} ${entitlement} would be refused (${code})\n`
    return head + facts({ rule, because: detail, 'would pass': wouldPass }, ink)
  }
  const { decision, by, because, rule, duration, maximumDuration, stages, statements, allows = [] } = previewed
  return [
    `${ink('green', '✓')} ${entitlement}: ${decision}\n`,
    facts(
      {
        rule,
        automatic: by,
        because,
        duration: `${shortDuration(duration)} of at most ${shortDuration(maximumDuration)}`,
        approval: stages.map(stageText).join('; then '),
      },
      ink,
    ),
    `\n${statementsText(statements, ink)}`,
    allows.length > 0 ? `\n${allows.map(({ text }) => `  ${plainLine(text)}\n`).join('')}` : '',
  ].join('')
}
