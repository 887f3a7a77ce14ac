import type { SESv2Client } from '@aws-sdk/client-sesv2'
import type { Digest, DigestMailer } from '../application/ports/digest-mailer.ts'
import { readerOf } from '../application/tell.ts'
import { type AccessFile, own, type Person } from '../domain/access-file.ts'
import type { Request } from '../domain/request.ts'
import { digestMail, type ElevationView } from '../pages/mails/digest.ts'
import { approvalOf } from '../pages/stage-of.ts'
import { type SesSettings, sendMail } from './ses-mail.ts'

/** Mails the digest, one administrator a mail. */
export class SesDigestMailer implements DigestMailer {
  readonly #client: SESv2Client
  readonly #access: AccessFile
  readonly #settings: SesSettings

  constructor(client: SESv2Client, access: AccessFile, settings: SesSettings) {
    this.#client = client
    this.#access = access
    this.#settings = settings
  }

  async send(to: Person, { from, until, elevations, isCut, findings }: Digest): Promise<void> {
    const { organisation } = this.#access
    const reader = readerOf(this.#access, to)
    const views = elevations.flatMap(request => elevationOf(this.#access, request))
    const mail = digestMail({ organisation, reader, from, until, elevations: views, isCut, findings })
    await sendMail(this.#client, this.#settings, to, mail, { kind: 'digest' })
  }
}

/** Who and what may have left the access file since; their ids tell as well. */
function elevationOf(access: AccessFile, request: Request): readonly ElevationView[] {
  const { id, requester, entitlement, grant, status, ending, isBreakGlass = false, decisions } = request
  if (!grant) return []
  return [
    {
      requestId: id,
      requester: own(access.people, requester)?.name ?? requester,
      entitlement: own(access.entitlements, entitlement)?.title ?? entitlement,
      grant,
      status,
      cause: ending?.cause,
      endedAt: ending?.receipt.verifiedAt,
      isBreakGlass,
      approvals: decisions.map(decision => approvalOf(access, decision)),
      rule: request.automatic ?? request.rule,
    },
  ]
}
