import { type SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2'
import type { Announcer, Message } from '../application/ports/announcer.ts'
import type { AccessFile } from '../domain/access-file.ts'
import { mailFor } from './mail-for.ts'

export interface SesSettings {
  readonly from: string
  readonly configurationSet: string
}

/** Tells by mail: one recipient a message, tagged so that delivery can be followed back to the request. */
export class SesAnnouncer implements Announcer {
  readonly #client: SESv2Client
  readonly #access: AccessFile
  readonly #settings: SesSettings

  constructor(client: SESv2Client, access: AccessFile, settings: SesSettings) {
    this.#client = client
    this.#access = access
    this.#settings = settings
  }

  async announce(message: Message): Promise<void> {
    const { subject, text, html } = mailFor(this.#access, message)
    const { from, configurationSet } = this.#settings
    await this.#client.send(
      new SendEmailCommand({
        FromEmailAddress: from,
        Destination: { ToAddresses: [message.to.email] },
        ConfigurationSetName: configurationSet,
        EmailTags: [
          { Name: 'request', Value: message.request.id },
          { Name: 'person', Value: message.to.id },
          { Name: 'kind', Value: message.kind },
        ],
        Content: {
          Simple: {
            Subject: { Data: subject, Charset: 'UTF-8' },
            Body: { Text: { Data: text, Charset: 'UTF-8' }, Html: { Data: html, Charset: 'UTF-8' } },
          },
        },
      }),
    )
  }
}
