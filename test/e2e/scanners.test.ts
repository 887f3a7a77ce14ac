import { describe, expect, it } from '@jest/globals'
import { linkAndCode } from '../../local/mailbox.ts'
import { openPage, postForm, seenOf } from '../support/approval-link.ts'
import { formsIn, SCANS, type ScannedMail } from '../support/mail-scanner.ts'
import { allRows, answerOf, ask, house, mailsTo, untilStatus } from '../support/the-house.ts'

const GOOD = {
  entitlement: 'orders-read',
  duration: 'PT10M',
  reason: 'a customer misses an order',
  parameters: { bucket: 'acme-orders-2026' },
} as const
const MAILS = 3

/** What Carol got, with the calls a scanner makes of the deployed API. */
async function aMailToCarol() {
  const requestId = await ask('nora', GOOD)
  const [received] = await mailsTo('carol', { subject: ' asks: ', requestId })
  await mailsTo('nora', { subject: 'Asked: ', requestId })
  if (!received) throw new Error('Carol was not asked')
  const statuses: number[] = []
  const call: ScannedMail['call'] = async (method, url, { form, headers = {} } = {}) => {
    if (!url.startsWith(house.apiUrl)) return { status: 404, text: '' }
    const body = form && { body: new URLSearchParams(form) }
    const answer = await answerOf(await fetch(url, { method, headers, ...body }))
    statuses.push(answer.status)
    return answer
  }
  return { requestId, ...linkAndCode(received), statuses, mail: { text: received.text, html: received.html, call } }
}

/** Every row about the request, the one of its link included. */
async function rowsOf(requestId: string): Promise<readonly string[]> {
  const rows = await allRows()
  return rows
    .map(row => JSON.stringify(row))
    .filter(text => text.includes(requestId))
    .sort()
}

describe('a scanner of the mail, at the deployed API,', () => {
  it.each(Object.entries(SCANS))('APP-02 FI-14: that %s decides nothing and burns no link', async (_, scan) => {
    const scanned = await Promise.all(
      Array.from({ length: MAILS }, async () => {
        const mail = await aMailToCarol()
        const before = await rowsOf(mail.requestId)
        await scan(mail.mail)
        return { ...mail, before, after: await rowsOf(mail.requestId) }
      }),
    )

    for (const { requestId, url, code = '', statuses, before, after } of scanned) {
      expect(statuses.length).toBeGreaterThan(0)
      expect(statuses.filter(status => status >= 500)).toEqual([])
      expect(after).toEqual(before)
      const seen = seenOf(await openPage(url))
      expect((await postForm(url, { decision: 'deny', seen, code })).status).toBe(200)
      expect((await untilStatus(requestId, 'DENIED')).decisions).toMatchObject([
        { decision: 'deny', approver: 'carol' },
      ])
    }
  })

  it('APP-02 finds a form there, so that it has something to do', async () => {
    const { url } = await aMailToCarol()

    const forms = formsIn((await openPage(url)).text)

    expect(forms.map(({ buttons }) => buttons.length)).toEqual([2])
  })
})
