import type { FindingRule } from './finding.ts'

interface Words {
  readonly title: string
  /** The first thing to do about it. docs/findings.md says more, under the name of the rule. */
  readonly whatToDo: string
}

/** What each rule found, in words for who looks at a finding. */
export const RULE_WORDS: Readonly<Record<FindingRule, Words>> = {
  'request-spike': {
    title: 'Asks far more than usual',
    whatToDo: 'Ask the person what they are working on; if they did not ask themselves, end their sessions and keys.',
  },
  'first-time': {
    title: 'Asks for something risky they never had',
    whatToDo: 'Ask the person or their lead whether the task is new to them.',
  },
  'off-hours': {
    title: 'Active off hours, which is unusual for them',
    whatToDo: 'Ask the person by another way than mail whether it was them.',
  },
  'repeated-denial': {
    title: 'Denied again and again',
    whatToDo: 'Read the comments of the denials; clear up with person and approvers what is needed.',
  },
  'ineligible-probing': {
    title: 'Tries what they may not have',
    whatToDo: 'Ask the person what they were looking for; if it was not them, end their sessions and keys.',
  },
  'unused-grant': {
    title: 'Takes grants and does not use them',
    whatToDo: 'Ask whether the entitlement fits the task; a smaller or shorter one may do.',
  },
  'serial-extension': {
    title: 'Extends again and again',
    whatToDo: 'Ask what takes so long; a longer maximum or a role of its own may be the honest answer.',
  },
  'long-lived': {
    title: 'Has it nearly always: a standing right in disguise',
    whatToDo: 'Decide whether the person should have the right for good, or should do without it.',
  },
  'quick-decisions': {
    title: 'Approves within seconds',
    whatToDo: 'Talk with the approver about what they look at before they approve.',
  },
  'always-approves': {
    title: 'Approves whatever is asked',
    whatToDo: 'Go through a sample of the decisions with the approver; consider a second approver.',
  },
  'bulk-decisions': {
    title: 'Decides many requests at once',
    whatToDo: 'Look at the requests decided together; revoke what should not have been approved.',
  },
  'same-pair': {
    title: 'Always approves for the same person',
    whatToDo: 'Look at the requests of the two; have somebody else approve for a while.',
  },
  'one-place': {
    title: 'Approved from the address that asked',
    whatToDo:
      'Ask the approver whether the answer was theirs; if it was not, revoke the grant and renew their mailbox.',
  },
  'outside-window': {
    title: 'Did what the grant allows, outside its window',
    whatToDo: 'Find the right by which it was possible, and take it away.',
  },
  drift: {
    title: 'A grant was changed by somebody else',
    whatToDo: 'Find in CloudTrail who changed the policy or its attachment, and take that right away.',
  },
  'outside-change': {
    title: 'IAM was changed past Lapse',
    whatToDo: 'Find in CloudTrail who changed it; undo what was not agreed.',
  },
}
