import { type SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2'
import type { Person } from '../domain/access-file.ts'
import type { Mail } from '../pages/mails/mail.ts'

export interface SesSettings {
  readonly from: string
  readonly configurationSet: string
}

/** Sends one mail to one recipient, tagged so that what becomes of it can be followed back. `tags` stand beside that of the person. */
export async function sendMail(
  client: SESv2Client,
  { from, configurationSet }: SesSettings,
  to: Person,
  { subject, text, html }: Mail,
  { kind, ...tags }: Readonly<Record<string, string>> & { readonly kind: string },
): Promise<void> {
  await client.send(
    new SendEmailCommand({
      FromEmailAddress: from,
      Destination: { ToAddresses: [to.email] },
      ConfigurationSetName: configurationSet,
      EmailTags: Object.entries({ ...tags, person: to.id, kind }).map(([Name, Value]) => ({ Name, Value })),
      Content: {
        Simple: {
          Subject: { Data: subject, Charset: 'UTF-8' },
          Body: { Text: { Data: text, Charset: 'UTF-8' }, Html: { Data: html, Charset: 'UTF-8' } },
        },
      },
    }),
  )
}
