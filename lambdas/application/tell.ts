import type { AccessFile, Entitlement, Person } from '../domain/access-file.ts'
import { note } from '../domain/lifecycle.ts'
import type { Request } from '../domain/request.ts'
import type { Announcer, Message } from './ports/announcer.ts'
import type { Clock } from './ports/chance.ts'
import type { RequestStore } from './ports/request-store.ts'
import { advance } from './record.ts'

export interface Telling {
  readonly access: AccessFile
  readonly announcer: Announcer
  readonly store: RequestStore
  readonly clock: Clock
}

/** The requester and the entitlement of a request, as pages and mails name them. */
export function partiesOf(
  access: AccessFile,
  request: Request,
): { readonly requester: Person; readonly entitlement: Entitlement } {
  const requester = access.people[request.requester]
  const entitlement = access.entitlements[request.entitlement]
  if (!requester) throw new RangeError(`${request.requester} of request ${request.id} is no longer in the access file`)
  if (!entitlement)
    throw new RangeError(`entitlement ${request.entitlement} of request ${request.id} is no longer in the access file`)
  return { requester, entitlement }
}

/** The message to the requester, who may have left the access file in the meantime; then there is nobody to tell. */
export function toRequester(
  access: AccessFile,
  request: Request,
  kind: 'asked' | 'granted' | 'denied' | 'unanswered' | 'end-near' | 'ended',
): readonly Message[] {
  const to = access.people[request.requester]
  return to ? [{ kind, to, request }] : []
}

/** A person as pages and mails address them, in their own zone or else the organisation's. */
export function readerOf(
  access: AccessFile,
  { name, timezone }: Person,
): { readonly name: string; readonly timezone: string } {
  return { name, timezone: timezone ?? access.timezone }
}

/**
 * Sends the messages, all at once. A message that cannot be handed over never stops what it tells of: it becomes an event of the
 * request that says to whom and why. Gives the number that went out.
 */
export async function tell(deps: Telling, requestId: string, messages: readonly Message[]): Promise<number> {
  const failed = await unsentOf(deps, requestId, messages)
  return messages.length - failed.length
}

/** As `tell`, for who has to do something about it: gives the messages that did not go out. */
export async function unsentOf(
  { announcer, store, clock }: Telling,
  requestId: string,
  messages: readonly Message[],
): Promise<readonly Message[]> {
  const outcomes = await Promise.allSettled(messages.map(message => announcer.announce(message)))
  const failures = outcomes.flatMap((outcome, index) => {
    const message = messages[index]
    return outcome.status === 'rejected' && message ? [{ message, why: nameOf(outcome.reason) }] : []
  })
  for (const { message, why } of failures) {
    const at = clock.now()
    const details = { kind: message.kind, to: message.to.id, why }
    await advance(store, requestId, request =>
      note(request, { type: 'mail-failed', at, actor: { service: 'announcer' }, details }),
    )
  }
  return failures.map(({ message }) => message)
}

/** The name alone: messages of the mail service hold addresses, and the ledger is for ever. */
function nameOf(reason: unknown): string {
  return reason instanceof Error ? reason.name : 'unknown'
}
