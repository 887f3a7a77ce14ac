import type { Flaw, Path } from './flaw.ts'
import type { SoundEntitlement } from './sound-parts.ts'

/** Stages of one name, and an escalation that has no time or nobody to ask. */
export function stageFlaws(id: string, { approval }: SoundEntitlement): readonly Flaw[] {
  const { stages, declared } = approval
  const own: Path = ['entitlements', id, 'approval']
  const names = stages.map(({ name }) => name)
  const hasTime = declared.includes('escalateAfter')
  const hasSomebody = stages.some(({ escalateTo }) => escalateTo)
  return [
    ...names.flatMap((name, index): readonly Flaw[] => {
      if (name === undefined || names.indexOf(name) === index) return []
      const message = `another stage of ${id} is named ${name}`
      const fix = 'give each stage its own name: people are told which one they answer for'
      return [{ path: [...own, 'stages', index, 'name'], on: 'value', message, fix }]
    }),
    ...(hasTime && !hasSomebody && stages.length > 0 ? [nobodyToAsk([...own, 'escalateAfter'])] : []),
    ...stages.flatMap(({ escalateTo }, index): readonly Flaw[] => {
      if (!escalateTo || hasTime) return []
      const message = 'escalateTo names who is asked too, and nothing says when'
      const fix = 'add escalateAfter: to the approval, between remindAfter and unansweredAfter'
      return [{ path: [...own, 'stages', index, 'escalateTo'], on: 'key', message, fix }]
    }),
  ]
}

function nobodyToAsk(path: Path): Flaw {
  const fix = 'add escalateTo: to a stage, or take it out'
  return { path, on: 'key', message: 'escalateAfter says when others are asked, and no stage says who', fix }
}
