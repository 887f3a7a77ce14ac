/** IAM does not show what was done a moment ago. Worth another try: IAM is eventually consistent. */
export class NotVisibleError extends Error {
  override readonly name = 'NotVisibleError'

  constructor(requestId: string, policyArn: string, what: string) {
    super(`IAM does not show that ${policyArn} of request ${requestId} ${what}`)
  }
}
