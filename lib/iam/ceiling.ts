import { Annotations, type Stack } from 'aws-cdk-lib'
import ceiling from './ceiling-boundary.json' with { type: 'json' }

/** The name in `ceiling-boundary.json`, that of the stack unless it was given another. */
const STACK_NAME = 'Lapse'

/** What CloudFormation itself tags everything of a stack with that can have tags; parts of an API inherit it from the API. */
const STACK_TAG = 'aws:ResourceTag/aws:cloudformation:stack-name'

/**
 * A permissions boundary for people under which no grant reaches identities or Lapse itself, whatever its policy says. CloudFormation
 * names what a stack makes after the stack; buckets in lower case. The API and the keys have ids for names, and are known by their tag.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-tagging-supported-resources.html
 */
export function ceilingBoundary(stackName: string) {
  const named = (arn: string): string =>
    arn
      .replaceAll(new RegExp(`(?<=[:/])${STACK_NAME}(?=[-*/])`, 'g'), stackName)
      .replace(`:s3:::${STACK_NAME.toLowerCase()}-`, `:s3:::${stackName.toLowerCase()}-`)
  const Statement = ceiling.Statement.map(statement => ({
    ...statement,
    Resource: Array.isArray(statement.Resource) ? statement.Resource.map(named) : statement.Resource,
    ...(statement.Condition && { Condition: { StringEquals: { [STACK_TAG]: stackName } } }),
  }))
  return { Version: ceiling.Version, Statement }
}

/** Says at synth what it means that no permissions boundary is required, and the way out. */
export function warnOfNoCeiling(stack: Stack): void {
  Annotations.of(stack).addWarningV2(
    'lapse:noCeiling',
    'No permissions boundary is required of people (context `boundaries`). No single role of Lapse can raise its own rights, but ' +
      'whoever controls the issuer and the applier together could write any policy and attach it to a person. ' +
      `Give people a boundary such as \`npx node bin/print-ceiling.ts ${stack.stackName}\` prints, and name its ARN: ` +
      '-c boundaries=arn:aws:iam::ACCOUNT:policy/NAME.',
  )
}
