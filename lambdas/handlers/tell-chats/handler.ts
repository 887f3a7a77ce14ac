import type { Chat } from '../../application/ports/chat.ts'
import { $ChatOrder, type ChatOrder } from '../../contract/chat-order.ts'
import { type AccessFile, own } from '../../domain/access-file.ts'
import { chatNews, type NewsView } from '../../pages/chats/chat-news.ts'
import { slackMessage } from '../../pages/chats/slack.ts'
import { teamsMessage } from '../../pages/chats/teams.ts'

export interface TellChatsDeps {
  readonly access: AccessFile
  readonly chat: Chat
}

const FORMS = { slack: slackMessage, teams: teamsMessage }

/** Tells one chat of one event. What fails is tried again by Lambda, and then left in the queue of failures. */
export function createHandler({ access, chat }: TellChatsDeps) {
  return async (input: unknown) => {
    const { webhook: name, event } = $ChatOrder.parse(input)
    const webhook = access.notify?.webhooks.find(each => each.name === name)
    if (!webhook) return { outcome: 'unknown-webhook' } as const
    await chat.post(webhook, FORMS[webhook.kind](chatNews(viewOf(access, event))))
    return { outcome: 'told' } as const
  }
}

function viewOf(access: AccessFile, { at, grant, ...event }: ChatOrder['event']): NewsView {
  return {
    ...event,
    at: new Date(at),
    grant: grant && { notAfter: new Date(grant.notAfter) },
    requester: own(access.people, event.requester)?.name ?? event.requester,
    entitlement: own(access.entitlements, event.entitlement)?.title ?? event.entitlement,
    timezone: access.timezone,
  }
}
