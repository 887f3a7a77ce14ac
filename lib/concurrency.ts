import { Annotations, type Stack } from 'aws-cdk-lib'
import { CfnFunction } from 'aws-cdk-lib/aws-lambda'

/**
 * Executions a function has to itself, by its folder; it never gets more. A removal must find room whatever else goes on in the
 * account, and a flood of asks must not take the room from it. AWS wants 100 left unreserved, so all together stay at 400 or less.
 */
const RESERVED: Readonly<Record<string, number>> = {
  'detach-policy': 60,
  'end-request': 10,
  'revoke-request': 10,
  'freeze-access': 3,
  // One runs at a time; the second is for the one that begins while the first is at its end.
  sweep: 2,
  'drain-grants': 2,
  'create-request': 30,
  'ask-approvers': 30,
  'issue-policy': 15,
  'attach-policy': 15,
  'climb-ladder': 10,
  // A mail scanner opens a link fifty times at once; whoever is refused then would see an error page instead of the request.
  'decide-by-link': 60,
  'read-request': 20,
  // A pack has some ten files, and browsers fetch six at once.
  'read-reviews': 12,
  'produce-review': 2,
  // One tells at a time; another would go on with the same span.
  'send-digest': 1,
  // CloudTrail answers two lookups a second, whoever asks; two at once would take turns at being refused.
  'close-books': 1,
  // One seals at a time; another would find the parts of the first and break off.
  'seal-day': 1,
  'rebuild-archive': 1,
}
const OTHERS = 5

export function reservedExecutions(folder: string): number {
  return RESERVED[folder] ?? OTHERS
}

/** For accounts whose quota is too small to reserve anything (new ones have 10 executions in all); says at synth what it means. */
export function reserveNothing(stack: Stack): void {
  for (const part of stack.node.findAll()) {
    if (part instanceof CfnFunction) part.reservedConcurrentExecutions = undefined
  }
  Annotations.of(stack).addWarningV2(
    'lapse:noReservedConcurrency',
    'No function has executions of its own (context `concurrency` is off). Whatever uses up the concurrency of the account delays ' +
      'removals; the fence ends access all the same. Have the quota "Concurrent executions" of Lambda raised to 500 or more and ' +
      'deploy without -c concurrency=off.',
  )
}
