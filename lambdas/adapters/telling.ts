import { SESv2Client } from '@aws-sdk/client-sesv2'
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { Telling } from '../application/tell.ts'
import type { AccessFile } from '../domain/access-file.ts'
import { DynamoRequestStore } from './dynamo-request-store.ts'
import { SesAnnouncer } from './ses-announcer.ts'
import { SystemClock } from './system-chance.ts'

/** What a function that tells people of a request is given, whatever else it does. */
export function telling(
  access: AccessFile,
  client: DynamoDBDocumentClient,
  {
    TABLE_NAME,
    MAIL_FROM,
    MAIL_CONFIGURATION_SET,
  }: Readonly<Record<'TABLE_NAME' | 'MAIL_FROM' | 'MAIL_CONFIGURATION_SET', string>>,
): Telling {
  return {
    access,
    store: new DynamoRequestStore(client, TABLE_NAME),
    announcer: new SesAnnouncer(new SESv2Client({}), access, {
      from: MAIL_FROM,
      configurationSet: MAIL_CONFIGURATION_SET,
    }),
    clock: new SystemClock(),
  }
}
