import type { SearchedHouse } from './canary.ts'
import { signedFetch } from './signed-fetch.ts'

/** A call of the AWS JSON protocol as the administrator, for services whose SDK client is no dependency of the project. */
export async function awsJson(
  { endpointUrl, rootCredentials: credentials }: SearchedHouse['emulator'],
  service: string,
  target: string,
  input: object,
): Promise<unknown> {
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target }
  const body = JSON.stringify(input)
  const { status, text } = await signedFetch('POST', endpointUrl, { credentials, service, headers, body })
  if (status >= 400) throw new Error(`${target}: ${status} ${text}`)
  return text === '' ? {} : JSON.parse(text)
}
