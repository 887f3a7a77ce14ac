import type { Emulator } from '../../local/emulator.ts'
import { signedFetch } from './signed-fetch.ts'

type Account = Pick<Emulator, 'endpointUrl' | 'rootCredentials'>

/** Says on the topic what SES would say there of a mail; the emulator's SES says nothing. */
export async function sesSays(emulator: Account, message: string): Promise<void> {
  const { text } = await sns(emulator, { Action: 'ListTopics' })
  const [, TopicArn] = /<TopicArn>([^<]*MailFates[^<]*)</.exec(text) ?? []
  const { status } = await sns(emulator, { Action: 'Publish', TopicArn: TopicArn ?? 'none', Message: message })
  if (status !== 200) throw new Error(`the topic of what becomes of mails answered ${status}`)
}

function sns({ endpointUrl, rootCredentials: credentials }: Account, parameters: Readonly<Record<string, string>>) {
  const body = new URLSearchParams({ Version: '2010-03-31', ...parameters }).toString()
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  return signedFetch('POST', `${endpointUrl}/`, { credentials, service: 'sns', headers, body })
}
