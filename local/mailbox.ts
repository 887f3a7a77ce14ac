import * as z from 'zod/mini'

const $Messages = z.object({
  messages: z.record(
    z.string(),
    z.array(
      z.object({
        MessageId: z.string(),
        To: z.array(z.string()),
        Subject: z.string(),
        BodyText: z.string(),
        BodyHtml: z.string(),
        Timestamp: z.union([z.string(), z.number()]),
      }),
    ),
  ),
})

/** A mail as the emulator's SES has taken it. */
export interface ReceivedMail {
  readonly id: string
  readonly to: readonly string[]
  readonly subject: string
  readonly text: string
  readonly html: string
  readonly at: Date
}

/** Every mail SES has taken, oldest first. */
export async function receivedMails(endpointUrl: string): Promise<readonly ReceivedMail[]> {
  const response = await fetch(`${endpointUrl}/_ministack/ses/messages`)
  const { messages } = $Messages.parse(await response.json())
  return Object.values(messages)
    .flat()
    .map(({ MessageId, To, Subject, BodyText, BodyHtml, Timestamp }) => ({
      id: MessageId,
      to: To,
      subject: Subject,
      text: BodyText,
      html: BodyHtml,
      at: new Date(typeof Timestamp === 'number' ? Timestamp * 1000 : Timestamp),
    }))
}

/** What an approver copies out of the mail. */
export function linkAndCode({ text }: ReceivedMail): { readonly url: string; readonly code: string | undefined } {
  const url = /https?:\/\/\S+\/decide\/[A-Za-z0-9_-]{43}/.exec(text)?.[0]
  if (!url) throw new Error('the mail has no approval link')
  return { url, code: /^\D*(\d{6})\D*$/m.exec(text.replace(url, ''))?.[1] }
}
