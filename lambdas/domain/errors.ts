/** Names under which a broken approval reaches the state machine. Retry and Catch import them, so no name is typed twice. */
export const ASK_ENDED = 'Lapse.AskEnded'
/** A stage is passed: the wait ends so that the next one can begin. */
export const STAGE_PASSED = 'Lapse.StagePassed'
/** A mail to an approver did not arrive: the wait ends so that others can be asked at once. */
export const MAIL_BOUNCED = 'Lapse.MailBounced'

/** What stands in the way of attaching a grant: the state machine routes it to the removal. */
export class GrantRefusedError extends Error {
  override readonly name = 'GrantRefusedError'
  readonly requestId: string

  constructor(requestId: string, why: string, options?: ErrorOptions) {
    super(`grant ${requestId} is refused: ${why}`, options)
    this.requestId = requestId
  }
}

/** A removal that IAM does not confirm. Never final: it is tried again until it is proven. */
export class RemovalUnprovenError extends Error {
  override readonly name = 'RemovalUnprovenError'
  readonly policyArn: string

  constructor(policyArn: string, why: string, options?: ErrorOptions) {
    super(`the removal of ${policyArn} is not proven: ${why}`, options)
    this.policyArn = policyArn
  }
}

/** The token of a wait could not be kept, so no answer could ever reach it: the wait must begin anew. */
export class TokenNotKeptError extends Error {
  override readonly name = 'TokenNotKeptError'

  constructor(requestId: string, options?: ErrorOptions) {
    super(`the task token of request ${requestId} could not be kept`, options)
  }
}

/** A request the workflow names and the table does not have. */
export class RequestMissingError extends Error {
  override readonly name = 'RequestMissingError'

  constructor(requestId: string) {
    super(`there is no request ${requestId}`)
  }
}

/** A row that is not what Lapse writes. */
export class StoredShapeError extends Error {
  override readonly name = 'StoredShapeError'

  constructor(key: string, options?: ErrorOptions) {
    super(`the row ${key} is not in the shape Lapse writes`, options)
  }
}
