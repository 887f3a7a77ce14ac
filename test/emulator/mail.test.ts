import { CreateEmailIdentityCommand, SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { type BareEmulator, startBareEmulator } from '../support/bare-emulator.ts'

let emulator: BareEmulator

beforeAll(async () => {
  emulator = await startBareEmulator()
}, 30_000)

afterAll(() => emulator.stop())

it('a mail that was sent is in the mail box, whole', async () => {
  const ses = new SESv2Client(emulator.configFor(emulator.rootCredentials))
  await ses.send(new CreateEmailIdentityCommand({ EmailIdentity: 'lapse@example.com' }))
  await ses.send(
    new SendEmailCommand({
      FromEmailAddress: 'Lapse <lapse@example.com>',
      Destination: { ToAddresses: ['bob@example.com'] },
      Content: {
        Simple: {
          Subject: { Data: 'Alice asks – now' },
          Body: { Text: { Data: 'Grüße' }, Html: { Data: '<p>Grüße</p>' } },
        },
      },
    }),
  )

  const box = await (await fetch(`${emulator.endpointUrl}/_ministack/ses/messages`)).json()

  expect(box).toMatchObject({
    messages: {
      '000000000000': [
        {
          Source: expect.stringContaining('lapse@example.com'),
          To: ['bob@example.com'],
          Subject: 'Alice asks – now',
          BodyText: 'Grüße',
          BodyHtml: '<p>Grüße</p>',
          Timestamp: expect.anything(),
        },
      ],
    },
  })
})
