import * as z from 'zod/mini'

/** What becomes of a mail, as SES publishes it to a topic: https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html */
export const MAIL_FATES = ['Delivery', 'Bounce', 'Complaint', 'Reject', 'DeliveryDelay'] as const

/** A word of SES; it goes into the ledger, so it is no free text. */
const $Word = z.string().check(z.regex(/^[A-Za-z0-9 _.-]{1,60}$/))
/** The tags Lapse sends its mails with, each a list of one. */
const $Tag = z.tuple([z.string().check(z.regex(/^[A-Za-z0-9_.@-]{1,256}$/))])

const $MailEvent = z.object({
  eventType: z.enum(MAIL_FATES),
  mail: z.object({
    messageId: $Word,
    tags: z.optional(z.object({ request: z.optional($Tag), person: z.optional($Tag), kind: z.optional($Tag) })),
  }),
  bounce: z.optional(z.object({ bounceType: $Word, bounceSubType: $Word })),
  complaint: z.optional(z.object({ complaintFeedbackType: z.nullish($Word) })),
  reject: z.optional(z.object({ reason: $Word })),
  deliveryDelay: z.optional(z.object({ delayType: $Word })),
})
export type MailEvent = z.output<typeof $MailEvent>

const $Delivery = z.object({ Records: z.array(z.object({ Sns: z.object({ Message: z.string() }) })) })

/** The messages of a topic as Lambda hands them on. @throws ZodError when it is no delivery of a topic. */
export function topicMessages(event: unknown): readonly string[] {
  return $Delivery.parse(event).Records.map(({ Sns }) => Sns.Message)
}

/** Undefined where the message is none of these: SES also writes a sentence to a topic it has just been given. */
export function readMailEvent(message: string): MailEvent | undefined {
  try {
    return $MailEvent.safeParse(JSON.parse(message)).data
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
