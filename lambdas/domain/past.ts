import type { Use } from './uses.ts'

/** The one review a person owes for an emergency. */
export interface OpenDebt {
  /** The request that was the emergency. */
  readonly requestId: string
  readonly dueBy: Date
}

/** What a person has had of late. Where it is not known, caps and automatic rules are not judged. */
export interface Past {
  readonly uses: readonly Use[]
  readonly openDebt?: OpenDebt | undefined
}

/** Why an emergency waits for people. */
export function whyItWaits({ requestId }: Pick<OpenDebt, 'requestId'>): string {
  return `you owe the review of request ${requestId}; until somebody closes it, an emergency of yours waits for approval`
}
