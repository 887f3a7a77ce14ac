import type { Refused } from './evaluate.ts'
import type { FindingRule } from './findings/finding.ts'
import { RULE_WORDS } from './findings/rule-words.ts'

/** An open finding that holds back further grants of its subject. */
export interface Hold {
  readonly findingId: string
  readonly rule: FindingRule
}

/** The refusal of an approval. Approvers read no findings: they are told which it is, and of what rule. */
export interface HeldApproval {
  readonly outcome: 'refused'
  readonly why: 'held'
  readonly hold: Hold
  readonly detail: string
  readonly wouldPass: string
}

/** The refusal of what the access file would let in; `says` is what was found last. */
export function held({ findingId, rule }: Hold, says: string | undefined): Refused {
  const what = says === undefined ? '' : `: ${says}`
  return {
    outcome: 'refused',
    code: 'held',
    rule,
    detail: `finding ${findingId} holds your requests back${what}`,
    wouldPass: `the same request once an administrator or an auditor has closed finding ${findingId}`,
  }
}

/** The refusal of an approval that would count otherwise. */
export function heldApproval(requester: string, hold: Hold): HeldApproval {
  const { findingId, rule } = hold
  return {
    outcome: 'refused',
    why: 'held',
    hold,
    detail: `finding ${findingId} holds back what ${requester} asks for: ${RULE_WORDS[rule].title}`,
    wouldPass: `the same approval once an administrator or an auditor has closed finding ${findingId}`,
  }
}
