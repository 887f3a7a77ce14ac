import { SESv2Client } from '@aws-sdk/client-sesv2'
import { access } from '#access'
import { dynamoClient } from '../../adapters/dynamo-client.ts'
import { DynamoDigestStore } from '../../adapters/dynamo-digest-store.ts'
import { DynamoFindingStore } from '../../adapters/dynamo-finding-store.ts'
import { DynamoRequestStore } from '../../adapters/dynamo-request-store.ts'
import { SesDigestMailer } from '../../adapters/ses-digest-mailer.ts'
import { SystemClock } from '../../adapters/system-chance.ts'
import { readEnv } from '../../runtime/env.ts'
import { createLogger } from '../../runtime/logger.ts'
import { stepHandler } from '../../runtime/step.ts'
import { $Env } from './env.ts'
import { createHandler } from './handler.ts'

const { TABLE_NAME, MAIL_FROM, MAIL_CONFIGURATION_SET } = readEnv($Env)
const client = dynamoClient()
const settings = { from: MAIL_FROM, configurationSet: MAIL_CONFIGURATION_SET }
const deps = {
  access,
  store: new DynamoRequestStore(client, TABLE_NAME),
  findings: new DynamoFindingStore(client, TABLE_NAME),
  digests: new DynamoDigestStore(client, TABLE_NAME),
  mailer: new SesDigestMailer(new SESv2Client({}), access, settings),
  clock: new SystemClock(),
}

export const handler = stepHandler(createHandler(deps), createLogger('send-digest'))
