import { join } from 'node:path'
import { IAMClient } from '@aws-sdk/client-iam'
import { CreateEmailIdentityCommand, SESv2Client } from '@aws-sdk/client-sesv2'
import { loadAccessFile } from '../lib/access-file/load.ts'
import { deployApp } from './deploy.ts'
import { type Emulator, startEmulator } from './emulator.ts'
import { type LocalPerson, makePeople } from './people.ts'

export interface HouseOptions {
  readonly accessFile: string
  readonly stateFolder: string
  readonly log: (line: string) => void
  /** Default: a free one. */
  readonly port?: number
  /** Whether it outlives this process. */
  readonly detached?: boolean
  /** Breaks the start off; what was started until then is ended. */
  readonly signal?: AbortSignal
}

/** The app deployed into a running emulator, with the people of the access file. */
export interface House {
  readonly emulator: Emulator
  readonly apiUrl: string
  readonly region: string
  readonly accountId: string
  readonly tableName: string
  readonly archiveBucket: string
  readonly reportsBucket: string
  readonly stateMachineArn: string
  readonly accessFile: string
  readonly people: Readonly<Record<string, LocalPerson>>
}

/** The id the emulator gives the API when it carries this tag; on AWS it is a tag like any other. */
const API_ID = 'lapse'
const API_ID_TAG = `ms-custom-id=${API_ID}`

/** Boots the emulator, deploys the real app into it and makes the people of the access file. */
export async function startHouse({
  accessFile,
  stateFolder,
  log,
  port,
  detached,
  signal,
}: HouseOptions): Promise<House> {
  const { access } = loadAccessFile(accessFile)
  log('Starting the emulator')
  const emulator = await startEmulator({
    stateFolder,
    log,
    ...(port !== undefined && { port }),
    ...(detached !== undefined && { detached }),
  })
  try {
    signal?.throwIfAborted()
    const { endpointUrl, region, accountId } = emulator
    log('Deploying the app with cdk deploy')
    const outputs = await deployApp({
      emulator,
      accessFile,
      context: { publicUrl: `${endpointUrl}/restapis/${API_ID}/v1/_user_request_`, tags: API_ID_TAG },
      log: line => log(`  ${line}`),
      outputFolder: join(stateFolder, `deploy-${emulator.port}`),
      ...(signal && { signal }),
    })
    // What an administrator does once on AWS: verify the address mail is sent from.
    await new SESv2Client(clientSettings(emulator)).send(
      new CreateEmailIdentityCommand({ EmailIdentity: access.mail.from }),
    )
    const people = await makePeople(new IAMClient(clientSettings(emulator)), access, emulator)
    const output = (name: string): string => {
      const value = outputs[name]
      if (value === undefined) throw new Error(`the stack gave no output ${name}`)
      return value
    }
    return {
      emulator,
      region,
      accountId,
      apiUrl: output('ApiUrl'),
      tableName: output('TableName'),
      archiveBucket: output('ArchiveBucket'),
      reportsBucket: output('ReportsBucket'),
      stateMachineArn: output('StateMachineArn'),
      accessFile,
      people,
    }
  } catch (error) {
    await emulator.stop()
    throw error
  }
}

/** Settings of an SDK client that speaks to the emulator: as its administrator, or as a person with their own keys. */
export function clientSettings(
  { endpointUrl, region, rootCredentials }: Emulator,
  keys?: { accessKeyId: string; secretAccessKey: string },
) {
  return { endpoint: endpointUrl, region, credentials: keys ?? rootCredentials, maxAttempts: 3 }
}
