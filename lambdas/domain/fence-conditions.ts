import type { Conditions, Fences } from './access-file.ts'

/**
 * The conditions of an entitlement's optional fences.
 *
 * Never `…IfExists`: a call whose context lacks the key is outside. So a person's plain access keys, which carry no
 * `aws:MultiFactorAuthPresent`, give nothing; and a call that AWS makes on the person's behalf, which carries no `aws:SourceIp` of
 * theirs, gives nothing either. A list is an OR, which is what several addresses and several regions mean.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
export function fenceConditions({ mfa, sourceIps, regions, principalTags }: Fences): Conditions {
  const equals = {
    ...(regions && { 'aws:RequestedRegion': regions }),
    ...Object.fromEntries(Object.entries(principalTags ?? {}).map(([key, tag]) => [`aws:PrincipalTag/${key}`, tag])),
  }
  return {
    ...(mfa && { Bool: { 'aws:MultiFactorAuthPresent': 'true' } }),
    ...(sourceIps && { IpAddress: { 'aws:SourceIp': sourceIps } }),
    ...(Object.keys(equals).length > 0 && { StringEquals: equals }),
  }
}

/** Where a statement's own conditions use an operator and key that the fences use; as in IAM, the case of a key does not count. */
export function fenceCollisions(own: Conditions, fences: Fences): readonly { operator: string; key: string }[] {
  const added = fenceConditions(fences)
  return Object.entries(own).flatMap(([operator, keys]) => {
    const taken = Object.keys(added[operator] ?? {}).map(key => key.toLowerCase())
    return Object.keys(keys).flatMap(key => (taken.includes(key.toLowerCase()) ? [{ operator, key }] : []))
  })
}

/**
 * A statement's own conditions with those of the fences beside them.
 *
 * @throws RangeError when one of its own stands where a fence belongs: merged, one of the two would be lost.
 */
export function withFences(own: Conditions, fences: Fences): Conditions {
  const [collision] = fenceCollisions(own, fences)
  if (collision) throw new RangeError(`a statement may not set ${collision.operator} ${collision.key}: a fence does`)
  const added = fenceConditions(fences)
  const operators = new Set([...Object.keys(own), ...Object.keys(added)])
  return Object.fromEntries([...operators].map(operator => [operator, { ...own[operator], ...added[operator] }]))
}
