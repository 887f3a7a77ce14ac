import { toShortDuration } from '../../lambdas/domain/duration.ts'
import type { Ink } from '../print/ink.ts'
import { facts, table } from '../print/table.ts'
import type { Explanation } from './explanation.ts'

export function explanationText(explanation: Explanation, who: string, what: string, ink: Ink): string {
  const { evaluation, rules, stages, examples } = explanation
  const filled = Object.entries(examples).map(([name, value]) => `${name}=${value}`)
  const head =
    evaluation.outcome === 'allowed'
      ? `${ink('green', '✓')} ${who} may ask for ${what}\n`
      : `${ink('red', '✗')} ${who} would be refused ${what} (${evaluation.code})\n`
  const said =
    evaluation.outcome === 'allowed'
      ? {
          rule: evaluation.rule,
          automatic:
            evaluation.automatic && `${evaluation.automatic}: nobody is asked, if they have had nothing of late`,
          emergency: evaluation.emergency && `at once; reviewed by one of ${evaluation.emergency.reviewers.join(', ')}`,
          duration: `${toShortDuration(evaluation.durationSeconds)} of at most ${toShortDuration(evaluation.maximumSeconds)}`,
        }
      : { rule: evaluation.rule, because: evaluation.detail, 'would pass': evaluation.wouldPass }
  return [
    head,
    facts({ ...said, 'by example': filled.join(' ') }, ink),
    rules.length > 0 ? `\n${rulesText(explanation, who, ink)}` : '',
    ...stages.map(({ stage, quorum, can, cannot }) => {
      const people = [
        ...can.map(({ person, because }) => [person, `can approve, ${because}`]),
        ...cannot.map(({ person, because }) => [person, `cannot: ${because}`]),
      ]
      return `\n${ink('bold', `Stage ${stage}`)}: ${quorum} of ${can.length}\n${facts(Object.fromEntries(people), ink)}`
    }),
  ].join('')
}

function rulesText({ rules }: Explanation, who: string, ink: Ink): string {
  return table(
    {
      rule: ({ rule }) => rule,
      effect: ({ effect }) => effect,
      limit: ({ effect, limit }) => (effect === 'allow' ? limit : '-'),
      [`names ${who}`]: ({ way }) => (!way ? 'no' : way.length === 0 ? 'directly' : way.join(' → ')),
      decides: ({ decides }) => (decides ? 'yes' : 'no'),
    },
    rules,
    ink,
  )
}
