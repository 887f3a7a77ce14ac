import type { Refused } from './evaluate.ts'
import type { FindingRule } from './findings/finding.ts'

/** An open finding that holds back further grants of its subject. */
export interface Hold {
  readonly findingId: string
  readonly rule: FindingRule
  /** What was found last. */
  readonly says?: string | undefined
}

/** The refusal of what the access file would let in. */
export function held({ findingId, rule, says }: Hold): Refused {
  const what = says === undefined ? '' : `: ${says}`
  return {
    outcome: 'refused',
    code: 'held',
    rule,
    detail: `finding ${findingId} holds your requests back${what}`,
    wouldPass: `the same request once an administrator or an auditor has closed finding ${findingId}`,
  }
}
