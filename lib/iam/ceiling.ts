import { Annotations, type Stack } from 'aws-cdk-lib'

/** Says at synth what it means that no permissions boundary is required; docs of the way out: `ceiling-boundary.json` beside this file. */
export function warnOfNoCeiling(stack: Stack): void {
  Annotations.of(stack).addWarningV2(
    'lapse:noCeiling',
    'No permissions boundary is required of people (context `boundaries`). No single role of Lapse can raise its own rights, but ' +
      'whoever controls the issuer and the applier together could write any policy and attach it to a person. ' +
      'Give people a boundary such as lib/iam/ceiling-boundary.json and name its ARN: -c boundaries=arn:aws:iam::ACCOUNT:policy/NAME.',
  )
}
