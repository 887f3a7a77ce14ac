import type { BareEmulator } from './bare-emulator.ts'
import { signedFetch } from './signed-fetch.ts'

export interface Invocation {
  status: number
  /** The `X-Amz-Function-Error` header: set when the function failed. */
  functionError: string | null
  payload: unknown
}

/** Invokes a Lambda function through its API as root. */
export async function invokeFunction(emulator: BareEmulator, name: string, event: object = {}): Promise<Invocation> {
  const url = `${emulator.endpointUrl}/2015-03-31/functions/${name}/invocations`
  const response = await signedFetch('POST', url, {
    credentials: emulator.rootCredentials,
    service: 'lambda',
    body: JSON.stringify(event),
  })
  return {
    status: response.status,
    functionError: response.headers.get('x-amz-function-error'),
    payload: response.text === '' ? undefined : JSON.parse(response.text),
  }
}
