import type { Conditions } from './access-file.ts'
import { digest } from './digest.ts'
import { toInstant } from './instant.ts'
import type { Statement } from './parameters.ts'
import { type PolicyReach, reachJson } from './reach.ts'

/** When and for whom every Allow of a grant holds. */
export interface Fence {
  readonly notBefore: Date
  readonly notAfter: Date
  /**
   * `aws:userid`: the unique id of the IAM user (`AIDA…`), or of the role with the session (`AROA…:alice`). A user or role made again
   * under the same name does not have it, and no other session of a shared role does.
   */
  readonly userId: string
  /** `aws:SourceIdentity`, which nobody can change in a session: for people whose session has one. */
  readonly sourceIdentity?: string | undefined
}

/** An IAM policy document, in the one key order Lapse writes. */
export interface PolicyDocument {
  readonly Version: '2012-10-17'
  readonly Statement: readonly PolicyStatement[]
}

export type PolicyStatement = PolicyReach & {
  readonly Sid: string
  readonly Effect: 'Allow'
  readonly Condition: Conditions
}

/**
 * The policy document of a grant: each statement with the fence added to its conditions.
 *
 * Invariant: every Allow of a grant carries its start, its end and its person. IAM compares `aws:CurrentTime` at every call, so
 * access begins and ends at these seconds whatever else fails. One literal per operator, never a list (a list is an OR), never
 * `…IfExists` (a call without a clock would pass), always UTC with `Z` (a zone-less date depends on who reads it).
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-currenttime
 *
 * @throws RangeError when the window is empty or an entitlement's own condition would overwrite the fence.
 */
export function fenced(statements: readonly Statement[], fence: Fence): PolicyDocument {
  if (fence.notAfter.getTime() <= fence.notBefore.getTime())
    throw new RangeError('the window of a grant must not be empty')
  return {
    Version: '2012-10-17',
    Statement: statements.map((statement, index) => ({
      Sid: `Lapse${index + 1}`,
      Effect: 'Allow',
      ...reachJson(statement),
      Condition: withFence(statement.conditions ?? {}, fence),
    })),
  }
}

/** The hash of a policy document as IAM may give it back: key order and white space do not count, everything else does. */
export function documentHash(document: unknown): string {
  return digest(JSON.parse(JSON.stringify(document)))
}

const FENCE_KEYS = new Set(['aws:currenttime', 'aws:userid', 'aws:epochtime', 'aws:sourceidentity'])

/** Condition keys an entitlement may not use, because the fence does. */
export function isFenceKey(conditionKey: string): boolean {
  return FENCE_KEYS.has(conditionKey.toLowerCase())
}

function withFence(own: Conditions, { notBefore, notAfter, userId, sourceIdentity }: Fence): Conditions {
  const taken = Object.values(own).flatMap(keys => Object.keys(keys).filter(isFenceKey))
  if (taken.length > 0) throw new RangeError(`an entitlement may not set the fence's own condition ${taken.join(', ')}`)
  return {
    ...own,
    DateGreaterThanEquals: { ...own.DateGreaterThanEquals, 'aws:CurrentTime': toInstant(notBefore) },
    DateLessThan: { ...own.DateLessThan, 'aws:CurrentTime': toInstant(notAfter) },
    StringEquals: {
      ...own.StringEquals,
      'aws:userid': userId,
      ...(sourceIdentity !== undefined && { 'aws:SourceIdentity': sourceIdentity }),
    },
  }
}
