import type { Logger } from '@aws-lambda-powertools/logger'
import { type NoteOutsideChangeDeps, noteOutsideChange } from '../../application/note-outside-change.ts'
import { $IamChange, type IamChange } from '../../contract/iam-change.ts'
import type { Change } from '../../domain/outside-change.ts'

/** A call that changed IAM. What is none is thrown, so that it ends in the queue of failures and is seen. A call that IAM refused changed nothing. */
export function createHandler(deps: NoteOutsideChangeDeps, logger: Pick<Logger, 'warn'>) {
  return async (event: unknown) => {
    const { account, detail } = $IamChange.parse(event)
    if (detail.errorCode) return { outcome: 'refused by IAM' }
    const change = changeIn(account, detail)
    const judged = await noteOutsideChange(deps, change)
    if (judged.verdict === 'leave') return { outcome: judged.why }
    logger.warn('somebody changed what Lapse manages', { eventId: detail.eventID, of: judged.of, ...change })
    return { outcome: `outside: ${judged.of}` }
  }
}

function changeIn(
  account: string,
  { eventName, eventTime, userIdentity, requestParameters }: IamChange['detail'],
): Change {
  const { userName, roleName, groupName, policyArn, path } = requestParameters ?? {}
  return {
    action: eventName,
    at: eventTime,
    account,
    by: userIdentity.sessionContext?.sessionIssuer?.arn ?? userIdentity.arn ?? userIdentity.type,
    isDeployment: userIdentity.invokedBy === 'cloudformation.amazonaws.com',
    userName,
    roleName,
    groupName,
    policyArn,
    path,
  }
}
