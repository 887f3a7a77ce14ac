/**
 * How a mail fails: it could not be handed over; its recipient's server refused it; its recipient called it unwanted; the mail service
 * did not send it; or it is late, and nobody knows whether it will arrive.
 */
export const MAIL_FAILURES = ['not-sent', 'bounce', 'complaint', 'reject', 'delay'] as const
export type MailFailure = (typeof MAIL_FAILURES)[number]
