import { SESv2Client } from '@aws-sdk/client-sesv2'
import { describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import { SesAnnouncer } from '../../lambdas/adapters/ses-announcer.ts'
import { SesDigestMailer } from '../../lambdas/adapters/ses-digest-mailer.ts'
import { anEndedRequest } from '../support/a-request.ts'
import { anAccessFile, aPerson } from '../support/an-access-file.ts'
import { repositoryFiles } from '../support/source-files.ts'

const $sent = z.object({
  FromEmailAddress: z.string(),
  Destination: z.strictObject({ ToAddresses: z.array(z.string()) }),
  ConfigurationSetName: z.string(),
  Content: z.object({
    Simple: z.object({
      Subject: z.object({ Data: z.string() }),
      Body: z.object({ Text: z.object({ Data: z.string() }), Html: z.object({ Data: z.string() }) }),
    }),
  }),
})
const settings = { from: 'lapse@example.com', configurationSet: 'lapse' }
const access = anAccessFile({
  timezone: 'Europe/Berlin',
  people: [aPerson({ id: 'alice' }), aPerson({ id: 'bob' }), aPerson({ id: 'adam', timezone: 'America/New_York' })],
})
const adam = access.people.adam
if (!adam) throw new Error('no Adam')

/** A client that takes every mail, and what it was given. */
function aMailbox() {
  const sent: z.infer<typeof $sent>[] = []
  const client = new SESv2Client({ region: 'eu-central-1', credentials: { accessKeyId: 'a', secretAccessKey: 's' } })
  client.middlewareStack.add(
    () =>
      async ({ input }) => {
        sent.push($sent.parse(input))
        return { output: { $metadata: {}, MessageId: '1' }, response: {} }
      },
    { step: 'initialize' },
  )
  return { client, sent }
}

describe('a mail', () => {
  it('NOT-01 has one recipient, in nobody else’s sight, whoever sends it', async () => {
    const { client, sent } = aMailbox()
    const request = anEndedRequest()
    const digest = { from: request.askedAt, until: new Date(), elevations: [request], isCut: false }

    await new SesAnnouncer(client, access, settings).announce({ kind: 'granted-to-admin', to: adam, request })
    await new SesDigestMailer(client, access, settings).send(adam, digest)

    expect(sent.map(({ Destination }) => Destination)).toEqual([
      { ToAddresses: ['adam@example.com'] },
      { ToAddresses: ['adam@example.com'] },
    ])
  })

  it('NOT-01 is sent by nothing else in the house', () => {
    const senders = repositoryFiles().filter(
      ({ path, text }) => path.startsWith('lambdas/') && /\bSend(?:Bulk|Raw|Templated)?Email\w*Command\b/.test(text),
    )

    expect(senders.map(({ path }) => path)).toEqual(['lambdas/adapters/ses-mail.ts'])
    for (const { text } of senders) expect(text.match(/ToAddresses: \[[\w.]+\]/g)).toHaveLength(1)
  })

  it('NOT-01 NOT-03 gives every time in the zone of its reader and in UTC', async () => {
    const { client, sent } = aMailbox()
    const request = anEndedRequest()
    const digest = {
      from: new Date('2027-03-01T07:55:00Z'),
      until: new Date('2027-03-02T07:55:00Z'),
      elevations: [request],
      isCut: false,
      findings: { count: 2, oldest: new Date('2027-02-20T09:00:00Z') },
    }

    await new SesDigestMailer(client, access, settings).send(adam, digest)

    const text = (sent[0]?.Content.Simple.Body.Text.Data ?? '').replaceAll(/\s+/g, ' ')
    expect(text).toContain('02:55 (America/New_York) · 07:55 UTC')
    expect(text).toContain('2 findings are open')
    expect(text).toContain('since Sat 20 Feb 2027, 04:00 (America/New_York) · 09:00 UTC')
    const times = text.match(/\b\d{2}:\d{2}\b/g) ?? []
    const inBoth =
      text.match(/\b\d{2}:\d{2} \(America\/New_York\) · (?:\w{3} \d+ \w{3} \d{4}, )?\d{2}:\d{2} UTC/g) ?? []
    expect(times.length).toBeGreaterThan(4)
    expect(times).toHaveLength(inBoth.length * 2)
  })
  it('ANO-05 NOT-03 of a day without elevations still says what is open', async () => {
    const { client, sent } = aMailbox()
    const [from, until] = [new Date('2027-03-01T07:55:00Z'), new Date('2027-03-02T07:55:00Z')]
    const digest = { from, until, elevations: [], isCut: false, findings: { count: 1, oldest: from } }

    await new SesDigestMailer(client, access, settings).send(adam, digest)

    const { Subject, Body } = sent[0]?.Content.Simple ?? {}
    expect(Subject?.Data).toContain('1 finding is open')
    const text = (Body?.Text.Data ?? '').replaceAll(/\s+/g, ' ')
    expect(text).toContain('nothing began from')
    expect(text).not.toMatch(/revoke|elevation/)
  })
})
