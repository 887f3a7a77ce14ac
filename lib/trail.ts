import { Annotations, ArnFormat, Stack, Token } from 'aws-cdk-lib'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { Construct } from 'constructs'
import { trailPlaceOf } from '../lambdas/contract/trail-place.ts'
import { type Need, needs, permission } from './need.ts'

export interface TrailProps {
  /** `s3://acme-trail/AWSLogs/111122223333/CloudTrail`; without it only CloudTrail's event history is looked at. */
  readonly trail?: string | undefined
  /** ARN of the KMS key the trail encrypts its files with, if it has one of its own. */
  readonly trailKey?: string | undefined
}

/**
 * To read the files of the account's trail, and nothing else of its bucket.
 *
 * @throws RangeError when `trail` names no place of a trail's files, or `trailKey` is given without it.
 */
export function toReadTrail(scope: Construct, { trail, trailKey }: TrailProps): Need<'TRAIL'> {
  if (trail === undefined) {
    if (trailKey !== undefined) throw new RangeError('trailKey is given without trail: -c trail=s3://…')
    return { environment: { TRAIL: '' }, statements: [] }
  }
  const place = trailPlaceOf(trail)
  const stack = Stack.of(scope)
  if (!Token.isUnresolved(stack.account) && stack.account !== place.account) {
    Annotations.of(scope).addError(
      `The trail's files at ${trail} are those of account ${place.account}, and Lapse gives rights in ${stack.account}`,
    )
  }
  const arn = stack.formatArn({
    service: 's3',
    region: '',
    account: '',
    resource: place.bucket,
    arnFormat: ArnFormat.NO_RESOURCE_NAME,
  })
  const list = new PolicyStatement({
    sid: 'FindFilesOfTheTrail',
    actions: ['s3:ListBucket'],
    resources: [arn],
    conditions: { StringLike: { 's3:prefix': `${place.path}/*` } },
  })
  const read = new PolicyStatement({
    sid: 'ReadFilesOfTheTrail',
    actions: ['s3:GetObject'],
    resources: [`${arn}/${place.path}/*`],
  })
  const toRead: Need<'TRAIL'> = { environment: { TRAIL: trail }, statements: [list, read] }
  return trailKey === undefined ? toRead : needs(toRead, permission(toDecrypt(trailKey)))
}

function toDecrypt(trailKey: string): PolicyStatement {
  return new PolicyStatement({ sid: 'DecryptFilesOfTheTrail', actions: ['kms:Decrypt'], resources: [trailKey] })
}
