import * as z from 'zod/mini'

/** What CloudFormation sends a custom resource. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-requests.html */
export const $StackEvent = z.object({
  RequestType: z.enum(['Create', 'Update', 'Delete']),
  ResponseURL: z.url(),
  StackId: z.string(),
  RequestId: z.string(),
  LogicalResourceId: z.string(),
  PhysicalResourceId: z.optional(z.string()),
  /** Of the resource that goes when these policies are no longer attached as they are. */
  ResourceProperties: z.optional(z.object({ policies: z.optional(z.array(z.string())) })),
})
export type StackEvent = z.output<typeof $StackEvent>

export interface StackAnswer {
  readonly Status: 'SUCCESS' | 'FAILED'
  readonly Reason: string
}
