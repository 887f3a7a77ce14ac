import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Browser, Page } from 'playwright-core'
import * as z from 'zod/mini'
import { linkAndCode } from '../../local/mailbox.ts'
import { openPage, postForm, seenOf } from '../support/approval-link.ts'
import { startChromium } from '../support/chromium.ts'
import { ask, house, mailsTo, requestOf, untilStatus } from '../support/the-house.ts'

const ORDERS_READ = {
  entitlement: 'orders-read',
  duration: 'PT10M',
  reason: 'a customer misses an order',
  parameters: { bucket: 'acme-orders-2026' },
} as const
/** How long a form may take to be sent; one that is held back by its fields is not sent at all. */
const SENT_WITHIN_MS = 3000

const FORM = 'document.forms[0]'
const FILLED = `for (const field of ${FORM}.querySelectorAll('input:not([type=hidden]), textarea')) field.value = 'test';`
const UNCHECKED = `${FORM}.noValidate = true; for (const field of ${FORM}.elements) field.removeAttribute('required');`
const by = (decision: string) => `${FORM}.requestSubmit(document.querySelector('button[value=${decision}]'));`
/** What a scanner that runs scripts does inside a page to have its forms sent. */
const WAYS: readonly string[] = [
  `${FORM}.submit();`,
  `${UNCHECKED}document.querySelector('button[disabled]').disabled = false; ${FORM}.requestSubmit(${FORM}.elements[0]);`,
  ...['approve', 'deny'].flatMap(decision => [
    by(decision),
    `${UNCHECKED}${by(decision)}`,
    `${FILLED}${UNCHECKED}${by(decision)}`,
    `${FILLED}document.querySelector('button[value=${decision}]').click();`,
  ]),
]

let browser: Browser

beforeAll(async () => {
  browser = await startChromium()
}, 400_000)

afterAll(() => browser?.close())

async function linksOf(page: Page): Promise<readonly string[]> {
  const found: unknown = await page.evaluate('[...document.links].map(({ href }) => href)')
  return z.array(z.string()).parse(found)
}

describe('a scanner in a browser', () => {
  it('APP-02 FI-14: that opens every link of the mail, runs scripts and sends every form decides nothing and burns no link', async () => {
    const requestId = await ask('petra', ORDERS_READ)
    const [mail] = await mailsTo('carol', { subject: ' asks: ', requestId })
    if (!mail) throw new Error('Carol was not asked')
    const page = await (await browser.newContext()).newPage()
    const posted: number[] = []
    page.on('response', response => {
      if (response.request().method() === 'POST') posted.push(response.status())
    })

    await page.setContent(mail.html)
    const links = (await linksOf(page)).filter(link => link.startsWith(house.apiUrl))
    for (const link of links) {
      for (const way of WAYS) {
        await page.goto(link)
        const sent = page.waitForNavigation({ timeout: SENT_WITHIN_MS }).catch(() => undefined)
        await page.evaluate(way)
        await sent
      }
    }

    const { url, code = '' } = linkAndCode(mail)
    expect(links).toContain(url)
    // The other ways are held back by the fields themselves.
    expect(posted).toHaveLength(6)
    expect(new Set(posted)).toEqual(new Set([400]))
    expect(await requestOf(requestId)).toMatchObject({ status: 'PENDING', decisions: [] })
    const wrong = String((Number(code) + 1) % 1_000_000).padStart(6, '0')
    const seen = seenOf(await openPage(url))
    expect((await postForm(url, { decision: 'deny', seen, code: wrong })).text).toContain('4 tries are left')
    expect((await postForm(url, { decision: 'deny', seen, code })).status).toBe(200)
    expect((await untilStatus(requestId, 'DENIED')).decisions).toHaveLength(1)
  })
})
