import type { OutgoingHttpHeaders } from 'node:http'
import type { ProxiedCall } from './proxied-call.ts'

export interface FaultAnswer {
  readonly status: number
  readonly headers: OutgoingHttpHeaders
  readonly body: Buffer | string
}

const DYNAMO = 'com.amazonaws.dynamodb.v20120810#'
const IAM = 'https://iam.amazonaws.com/doc/2010-05-08/'

/** DynamoDB throttles a transaction as a whole, or cancels it because of one of its items. */
export function throttling({ service, action, body }: ProxiedCall, isWhole: boolean): FaultAnswer {
  if (service !== 'dynamodb') return xmlError(400, 'Throttling', 'Rate exceeded')
  if (action !== 'TransactWriteItems') {
    const type = isWhole ? 'ThrottlingException' : 'ProvisionedThroughputExceededException'
    return jsonError(400, { __type: `${DYNAMO}${type}`, message: 'Rate exceeded' })
  }
  if (isWhole) return jsonError(400, { __type: `${DYNAMO}ThrottlingException`, message: 'Rate exceeded' })
  return cancelled(body, 'ThrottlingError')
}

/** What DynamoDB says to a transaction that stands already, when it does not remember that it wrote it. */
export function conditionFailed({ body }: ProxiedCall): FaultAnswer {
  return cancelled(body, 'ConditionalCheckFailed')
}

function cancelled(transaction: string, why: string): FaultAnswer {
  const items = (transaction.match(/"(?:Put|Update)":/g) ?? []).length
  const reasons = Array.from({ length: items }, (_, index) => ({ Code: index === 0 ? why : 'None' }))
  return jsonError(400, {
    __type: `${DYNAMO}TransactionCanceledException`,
    message: 'Transaction cancelled, please refer cancellation reasons for specific reasons',
    CancellationReasons: reasons,
  })
}

/** What IAM answers to a call that gives nothing back. */
export function done({ action }: ProxiedCall): FaultAnswer {
  const metadata = '<ResponseMetadata><RequestId>injected</RequestId></ResponseMetadata>'
  const body = `<${action}Response xmlns="${IAM}">${metadata}</${action}Response>`
  return { status: 200, headers: { 'content-type': 'text/xml' }, body }
}

export function serverError({ service }: ProxiedCall): FaultAnswer {
  return service === 'dynamodb'
    ? jsonError(500, { __type: `${DYNAMO}InternalServerError`, message: 'The request could not be processed' })
    : xmlError(500, 'ServiceFailure', 'The request could not be processed')
}

function jsonError(status: number, error: object): FaultAnswer {
  return { status, headers: { 'content-type': 'application/x-amz-json-1.0' }, body: JSON.stringify(error) }
}

function xmlError(status: number, code: string, message: string): FaultAnswer {
  const error = `<Error><Type>${status < 500 ? 'Sender' : 'Receiver'}</Type><Code>${code}</Code><Message>${message}</Message></Error>`
  const body = `<ErrorResponse xmlns="${IAM}">${error}<RequestId>injected</RequestId></ErrorResponse>`
  return { status, headers: { 'content-type': 'text/xml' }, body }
}
