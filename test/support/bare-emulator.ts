import { join } from 'node:path'
import { IAMClient } from '@aws-sdk/client-iam'
import { SFNClient } from '@aws-sdk/client-sfn'
import { type Emulator, startEmulator } from '../../local/emulator.ts'
import { type Credentials, signedFetch } from './signed-fetch.ts'

const STATE_FOLDER = join(import.meta.dirname, '..', '..', '.lapse')

/** A running emulator with nothing deployed in it, and the clients of its account's root. */
export interface BareEmulator extends Emulator {
  readonly iam: IAMClient
  readonly sfn: SFNClient
  /** What an SDK client of this emulator is configured with. */
  configFor(credentials: Credentials): {
    endpoint: string
    region: string
    credentials: Credentials
    maxAttempts: number
  }
  /** A signed call of the AWS Query protocol (CloudFormation, STS, …); gives back the XML. */
  query(service: string, parameters: Record<string, string>): Promise<string>
  /** A signed call of the AWS JSON protocol (CloudTrail, Scheduler, …). */
  json(service: string, target: string, input: object): Promise<unknown>
}

export async function startBareEmulator(): Promise<BareEmulator> {
  const emulator = await startEmulator({ stateFolder: STATE_FOLDER, log: () => {} })
  const configFor = (credentials: Credentials) => ({
    endpoint: emulator.endpointUrl,
    region: emulator.region,
    credentials,
    maxAttempts: 1,
  })
  const call = (service: string, headers: Record<string, string>, body: string) =>
    signedFetch('POST', emulator.endpointUrl, { credentials: emulator.rootCredentials, service, headers, body })

  return {
    ...emulator,
    iam: new IAMClient(configFor(emulator.rootCredentials)),
    sfn: new SFNClient(configFor(emulator.rootCredentials)),
    configFor,
    async query(service, parameters) {
      const headers = { 'content-type': 'application/x-www-form-urlencoded' }
      return (await call(service, headers, new URLSearchParams(parameters).toString())).text
    },
    async json(service, target, input) {
      const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target }
      const response = await call(service, headers, JSON.stringify(input))
      if (response.status >= 400) throw new Error(`${target}: ${response.status} ${response.text}`)
      return JSON.parse(response.text)
    },
  }
}
