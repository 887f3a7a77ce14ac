import { $findings, type FindingsForm } from './finding-schema.ts'
import { sound } from './sound-values.ts'

/** The keys of each rule that is declared, and those of the rules whose figures bear on one another, where they are sound. */
export interface SoundFindings {
  readonly declared: Readonly<Record<string, readonly string[]>>
  readonly probing: FindingsForm['ineligible-probing'] | undefined
  readonly unused: FindingsForm['unused-grant'] | undefined
}

export function soundFindings(findings: Readonly<Record<string, unknown>>): SoundFindings {
  const { offices: _offices, ...rules } = findings
  return {
    declared: Object.fromEntries(
      Object.entries(rules).flatMap(([rule, form]) => (isMap(form) ? [[rule, Object.keys(form)]] : [])),
    ),
    probing: sound($findings.shape['ineligible-probing'].unwrap(), rules['ineligible-probing']),
    unused: sound($findings.shape['unused-grant'].unwrap(), rules['unused-grant']),
  }
}

function isMap(form: unknown): form is object {
  return typeof form === 'object' && form !== null && !Array.isArray(form)
}
