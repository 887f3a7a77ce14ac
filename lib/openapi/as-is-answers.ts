import * as z from 'zod'
import { $Sha256 } from './formats.ts'

/** Of a request. */
export const $AsIs = z
  .strictObject({ policyArn: z.string(), documentHash: $Sha256 })
  .optional()
  .meta({ description: 'the AWS-managed policy that is attached as it is, without a fence' })

/** Of a preview. */
export const $AsIsPreview = z
  .strictObject({ policyArn: z.string(), because: z.string() })
  .optional()
  .meta({ description: 'the policy itself is attached, without a fence' })

/** Of an entitlement. */
export const $ManagedPolicy = z
  .strictObject({
    arn: z.string(),
    versionId: z.string(),
    asIs: z
      .strictObject({ because: z.string(), documentHash: $Sha256 })
      .optional()
      .meta({ description: 'nothing is copied: the policy itself is attached, without a fence' }),
  })
  .optional()
  .meta({ description: 'the AWS-managed policy the statements are copied from' })
