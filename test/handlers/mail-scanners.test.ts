import { describe, expect, it } from '@jest/globals'
import { formsIn, SCANS, type ScannedMail } from '../support/mail-scanner.ts'
import { aScannedMail, scanMails } from '../support/scanned-mail.ts'

/** For the figure of FI-14: `SCANNED_MAILS=1000`. */
const MAILS = Number(process.env.SCANNED_MAILS ?? 20)
const MOST_MS_FOR_A_MAIL = 1000

describe('a scanner of mail', () => {
  it.each(Object.entries(SCANS))(
    'APP-02 FI-14: that %s decides nothing and burns no link',
    async (_, scan) => {
      const { calls, changed, burned } = await scanMails(scan, MAILS)

      expect(calls).toBeGreaterThanOrEqual(MAILS)
      expect([changed, burned]).toEqual([0, 0])
    },
    MAILS * MOST_MS_FOR_A_MAIL,
  )

  it('APP-02 FI-14: that typed the code of the mail would be noticed here', async () => {
    const typing = async (mail: ScannedMail) => {
      const url = /https?:\/\/[^\s"<]+\/decide\/[A-Za-z0-9_-]{43}/.exec(mail.html)?.[0] ?? ''
      const code = /^\D*(\d{6})\D*$/m.exec(mail.text.replace(url, ''))?.[1] ?? ''
      const [form] = formsIn((await mail.call('GET', url)).text)
      await mail.call('POST', url, { form: { ...form?.fields, code, decision: 'approve' } })
    }

    expect(await scanMails(typing, 3)).toMatchObject({ changed: 3, burned: 3 })
  })

  it('APP-02 has something to do: one link in text and HTML, one form with two buttons and a field for the code', async () => {
    const { mail, url } = await aScannedMail()

    expect([mail.html.includes(url), mail.text.includes(url)]).toEqual([true, true])
    const forms = formsIn((await mail.call('GET', url)).text)
    expect(forms.map(({ buttons }) => buttons)).toEqual([[{ decision: 'approve' }, { decision: 'deny' }]])
    expect(Object.keys(forms[0]?.fields ?? {})).toEqual(['seen', 'code', 'duration', 'comment'])
  })
})
