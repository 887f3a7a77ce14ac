import type { Person } from '../../domain/access-file.ts'
import type { EarlierRequests } from '../../domain/earlier-requests.ts'
import type { Escalation } from '../../domain/escalation.ts'
import type { MailFailure } from '../../domain/mail-failure.ts'
import type { Request } from '../../domain/request.ts'

interface Asking {
  readonly isReminder: boolean
  /** What came before the request. */
  readonly earlier: EarlierRequests
  /** To who is asked because those before them did not answer or could not be reached. */
  readonly escalation?: Escalation | undefined
}

/** A mail that did not arrive. */
export interface FailedMail {
  readonly recipient: Person
  /** Its kind. */
  readonly failedKind: string
  readonly how: MailFailure
  readonly at: Date
}

/** One thing one person is told about a request as it stands. */
export type Message = { readonly to: Person; readonly request: Request } & (
  | { readonly kind: 'asked' | 'granted' | 'granted-to-admin' | 'denied' | 'unanswered' | 'end-near' | 'ended' }
  /** Somebody took access in an emergency: to everybody concerned, at once. */
  | { readonly kind: 'break-glass-used' }
  /** The review of an emergency is closed. */
  | { readonly kind: 'debt-closed' }
  | (Asking & {
      readonly kind: 'approval-asked'
      readonly url: string
      readonly code?: string | undefined
      readonly linkExpiresAt: Date
    })
  /** Where only a signed call decides: there is no link to send. */
  | (Asking & { readonly kind: 'signature-asked' })
  /** To who was asked first: others are asked too. */
  | { readonly kind: 'escalated-further'; readonly escalation: Escalation }
  /** To an administrator: a mail did not arrive, and nobody else is asked for it. */
  | ({ readonly kind: 'mail-failed-to-admin' } & FailedMail)
  | { readonly kind: 'cancelled'; readonly at: Date }
  | { readonly kind: 'failed'; readonly why: string }
  /** To an administrator: somebody was to have access and has none. */
  | { readonly kind: 'failed-to-admin'; readonly why: string }
  | { readonly kind: 'link-voided'; readonly approver: Person; readonly at: Date }
)

/** Tells one person one thing. Throws when the message could not be handed over. */
export interface Announcer {
  announce(message: Message): Promise<void>
}
