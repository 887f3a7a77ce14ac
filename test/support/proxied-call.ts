import type { IncomingMessage } from 'node:http'

/** One request as the service was asked it. */
export interface ProxiedCall {
  /** The signing name: `iam`, `dynamodb`. */
  readonly service: string
  readonly action: string
  readonly body: string
  /** Where it stands among all that were asked. */
  readonly order: number
}

/** The service by the credential's scope; the action by the Query protocol's `Action` or the JSON protocol's target. */
export function callOf({ headers, method }: IncomingMessage, body: string, order: number): ProxiedCall {
  const service = /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\//.exec(headers.authorization ?? '')?.[1] ?? 'unsigned'
  const target = headers['x-amz-target']
  const action = typeof target === 'string' ? target.split('.')[1] : /(?:^|&)Action=([A-Za-z]+)/.exec(body)?.[1]
  return { service, action: action ?? method ?? '', body, order }
}

/** By which DynamoDB knows a transaction that is sent again. */
export function tokenOf({ service, action, body }: ProxiedCall): string | undefined {
  if (service !== 'dynamodb' || action !== 'TransactWriteItems') return undefined
  return /"ClientRequestToken":"([^"]+)"/.exec(body)?.[1]
}
