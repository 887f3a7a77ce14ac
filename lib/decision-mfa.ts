import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { AccessFile } from '../lambdas/domain/access-file.ts'

/** The route by which approvers sign. */
export const SIGNED_DECISION = 'POST /requests/{id}/decision'

/** Ids of the entitlements whose decisions need a second factor. */
export function decidedWithMfa({ entitlements }: AccessFile): readonly string[] {
  return Object.values(entitlements)
    .filter(({ decisionMfa }) => decisionMfa)
    .map(({ id }) => id)
}

/**
 * A function is not told whether its caller had a second factor, so API Gateway must know before. The key is absent from calls signed
 * with the keys of a user, and `BoolIfExists` refuses those too. The policy allows no signed route: those who may call them have it
 * from their own policies, as without it.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-aws-condition-keys.html
 */
export function decisionsNeedMfa(): PolicyStatement {
  return new PolicyStatement({
    sid: 'DecideWithMfaOnly',
    effect: Effect.DENY,
    principals: [new AnyPrincipal()],
    actions: ['execute-api:Invoke'],
    // Whatever follows: a slash at the end is another ARN, and may be the same route.
    resources: [`${resourceOf(SIGNED_DECISION)}*`],
    conditions: { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } },
  })
}

/** Beside a resource policy an unsigned call needs an Allow of it. */
export function anybodyMayCall(route: string): PolicyStatement {
  return new PolicyStatement({
    principals: [new AnyPrincipal()],
    actions: ['execute-api:Invoke'],
    resources: [resourceOf(route)],
  })
}

/** `POST /requests/{id}/end` on every stage: `execute-api:/*\/POST/requests/*\/end`. */
function resourceOf(route: string): string {
  return `execute-api:/*/${route.replace(' ', '').replaceAll(/\{\w+\}/g, '*')}`
}
