import type { Fact } from './request-facts.ts'
import type { Approval } from './request-view.ts'
import { durationWords, type Reader, readerTimes } from './times.ts'

/** Who approved and what they said; a request that no stage guards is approved by its rule. */
export function approvalFacts(approvals: readonly Approval[], rule: string, { timezone }: Reader): readonly Fact[] {
  if (approvals.length === 0) return [{ label: 'Approved by', values: [`Nobody was asked: rule ${rule} approves`] }]
  return [
    { label: 'Approved by', values: approvals.map(approval => approvalLine(approval, timezone)) },
    ...commentFacts(approvals),
  ]
}

/** Who agreed, when, how, and for how long at most. */
export function approvalLine({ approver, at, durationSeconds, isSigned }: Approval, timezone: string): string {
  const how = isSigned ? ', by a signed call' : ''
  const most = durationSeconds === undefined ? '' : `, for ${durationWords(durationSeconds)} at most`
  return `${approver}, ${readerTimes(at, timezone)}${how}${most}`
}

export function commentFacts(approvals: readonly Approval[]): readonly Fact[] {
  return approvals.flatMap(({ approver, comment }) =>
    comment ? [{ label: `Comment of ${approver}`, values: [comment], look: 'quote' }] : [],
  )
}
