import type { Logger } from '@aws-lambda-powertools/logger'
import { type MailFate, type TrackDeliveryDeps, trackDelivery } from '../../application/track-delivery.ts'
import { type MailEvent, readMailEvent, topicMessages } from '../../contract/mail-event.ts'

/**
 * What SES says became of mails. Only what could be better next time is thrown, and so tried again: what is no event of a mail, or of
 * no mail of ours, is counted and left.
 */
export function createHandler(deps: TrackDeliveryDeps, logger: Pick<Logger, 'warn'>) {
  return async (event: unknown) => {
    const outcomes: string[] = []
    for (const message of topicMessages(event)) {
      const mailEvent = readMailEvent(message)
      if (mailEvent) {
        const outcome = await trackDelivery(deps, fateOf(mailEvent))
        if (mailEvent.eventType !== 'Delivery') logger.warn('a mail did not arrive', { outcome, ...aboutOf(mailEvent) })
        outcomes.push(outcome)
      } else {
        await deps.metrics.count({ MailUntracked: 1 })
        logger.warn('the topic of mails has a message that tells of no mail')
        outcomes.push('not-a-mail')
      }
    }
    return { outcomes }
  }
}

const HOW = {
  Delivery: 'delivery',
  Bounce: 'bounce',
  Complaint: 'complaint',
  Reject: 'reject',
  DeliveryDelay: 'delay',
} as const satisfies Record<MailEvent['eventType'], MailFate['how']>

function fateOf(event: MailEvent): MailFate {
  return { how: HOW[event.eventType], messageId: event.mail.messageId, why: whyOf(event), about: aboutOf(event) }
}

function whyOf({ bounce, complaint, reject, deliveryDelay }: MailEvent): string | undefined {
  if (bounce) return `${bounce.bounceType}/${bounce.bounceSubType}`
  return complaint?.complaintFeedbackType ?? reject?.reason ?? deliveryDelay?.delayType
}

function aboutOf({ mail: { tags = {} } }: MailEvent): MailFate['about'] {
  const { request: [requestId] = [], person: [person] = [], kind: [kind] = [] } = tags
  return requestId !== undefined && person !== undefined && kind !== undefined ? { requestId, person, kind } : undefined
}
