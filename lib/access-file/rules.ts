import type { Flaw, Path } from './flaw.ts'
import type { SoundEntitlement } from './sound-parts.ts'

/** The name the evaluator gives to "no rule names you". */
const DEFAULT_DENY = 'default-deny'

/** Rules that say nothing, two things, or have a name that does not tell which rule it was. */
export function ruleFlaws(id: string, { rules }: SoundEntitlement): readonly Flaw[] {
  const names = new Set<string>()
  return rules.flatMap((rule, index): readonly Flaw[] => {
    if (!rule) return []
    const path: Path = ['entitlements', id, 'rules', index]
    const flaws: Flaw[] = []
    if (names.has(rule.name)) {
      const message = `another rule of ${id} is named ${rule.name}`
      flaws.push({
        path: [...path, 'name'],
        on: 'value',
        message,
        fix: 'give each rule its own name: people are told which one matched',
      })
    }
    names.add(rule.name)
    if (rule.name === DEFAULT_DENY) {
      const fix = 'choose another name: this one means that no rule matched'
      flaws.push({ path: [...path, 'name'], on: 'value', message: `the name ${DEFAULT_DENY} is taken`, fix })
    }
    if (rule.allow && rule.deny) {
      flaws.push({ path, on: 'value', message: 'the rule has both allow and deny', fix: 'make two rules of it' })
    }
    if (!rule.allow && !rule.deny) {
      flaws.push({
        path,
        on: 'value',
        message: 'the rule has neither allow nor deny',
        fix: 'add allow: or deny: with a list of people',
      })
    }
    if (rule.deny && rule.maximum !== undefined) {
      flaws.push({ path: [...path, 'maximum'], on: 'key', message: 'a deny rule has no maximum', fix: 'take it out' })
    }
    return flaws
  })
}
