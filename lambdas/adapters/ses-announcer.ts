import type { SESv2Client } from '@aws-sdk/client-sesv2'
import type { Announcer, Message } from '../application/ports/announcer.ts'
import type { AccessFile } from '../domain/access-file.ts'
import { mailFor } from './mail-for.ts'
import { type SesSettings, sendMail } from './ses-mail.ts'

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
    const { to, request, kind } = message
    await sendMail(this.#client, this.#settings, to, mailFor(this.#access, message), { request: request.id, kind })
  }
}
