import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { receivedMails } from '../mailbox.ts'

/** Keeps every mail as `01-carol-alice-aoki-asks-….html` and `.txt`, in the order they were sent. */
export async function keepMails(endpointUrl: string, folder: string): Promise<number> {
  const mails = await receivedMails(endpointUrl)
  await mkdir(folder, { recursive: true })
  await Promise.all(
    mails.flatMap(({ to, subject, html, text }, index) => {
      const name = [String(index + 1).padStart(2, '0'), to[0]?.split('@')[0], slug(subject)].join('-')
      return [
        writeFile(join(folder, `${name}.html`), html),
        writeFile(join(folder, `${name}.txt`), `To: ${to.join(', ')}\nSubject: ${subject}\n\n${text}`),
      ]
    }),
  )
  return mails.length
}

/** Text as a part of a file name. */
export function slug(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 60)
    .replaceAll(/^-|-$/g, '')
}
