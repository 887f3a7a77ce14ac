import type { Person } from '../../domain/access-file.ts'
import type { Request } from '../../domain/request.ts'

/** One thing one person is told about a request as it stands. */
export type Message = { readonly to: Person; readonly request: Request } & (
  | { readonly kind: 'asked' | 'granted' | 'granted-to-admin' | 'denied' | 'unanswered' | 'ended' }
  | {
      readonly kind: 'approval-asked'
      readonly url: string
      readonly code?: string | undefined
      readonly isReminder: boolean
    }
  | { readonly kind: 'cancelled'; readonly at: Date }
  | { readonly kind: 'failed'; readonly why: string }
  | { readonly kind: 'link-voided'; readonly approver: Person; readonly at: Date }
)

/** Tells one person one thing. Throws when the message could not be handed over. */
export interface Announcer {
  announce(message: Message): Promise<void>
}
