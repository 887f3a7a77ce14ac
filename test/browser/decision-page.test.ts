import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import axe from 'axe-core'
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core'
import * as z from 'zod/mini'
import { type ApprovalLink, approve, linkOf } from '../support/approval-link.ts'
import { startChromium } from '../support/chromium.ts'
import { ask, house, requestOf, takeAllBack, untilStatus } from '../support/the-house.ts'

const IMAGES = join(import.meta.dirname, '..', '..', 'docs', 'images')
const ORDERS_READ = {
  entitlement: 'orders-read',
  duration: 'PT30M',
  reason: 'Order 60114 was paid twice. I need the two export files of 20 November to see which payment to give back.',
  ticket: 'OPS-4711',
  parameters: { bucket: 'acme-orders-2026' },
} as const
const LOGS_READ = { ...ORDERS_READ, entitlement: 'logs-read', parameters: { logGroup: '/aws/lambda/acme-checkout' } }
/** Each colour scheme once and each layout once: 320 px is what WCAG 1.4.10 asks for. */
const LOOKS: readonly (readonly [string, BrowserContextOptions])[] = [
  ['light and wide', { colorScheme: 'light', viewport: { width: 1280, height: 900 } }],
  ['dark at 320 px', { colorScheme: 'dark', viewport: { width: 320, height: 640 } }],
]

let browser: Browser
/** What the pages of a test complained of or fetched from elsewhere. */
let complaints: string[] = []

beforeAll(async () => {
  browser = await startChromium()
}, 400_000)

afterAll(() => browser?.close())

afterEach(async () => {
  await Promise.all(browser.contexts().map(context => context.close()))
  await takeAllBack()
  expect(complaints).toEqual([])
  complaints = []
})

async function openIn(url: string, options: BrowserContextOptions = {}): Promise<Page> {
  const page = await (await browser.newContext(options)).newPage()
  page.on('pageerror', error => complaints.push(error.message))
  page.on('console', message => {
    if (message.text().includes('Content Security Policy')) complaints.push(message.text())
  })
  page.on('request', request => {
    if (!request.url().startsWith(house.emulator.endpointUrl)) complaints.push(`fetched ${request.url()}`)
  })
  await page.goto(url)
  return page
}

async function askedLink(body: object = ORDERS_READ, approver = 'carol') {
  const requestId = await ask('petra', body)
  return { requestId, ...(await linkOf(approver, requestId)) }
}

/** What an expression gives inside the page, whose names (`document`) are not this program's. */
async function inside<Schema extends z.ZodMiniType>(page: Page, schema: Schema, expression: string) {
  const found: unknown = await page.evaluate(expression)
  return schema.parse(found)
}

/** Every rule of axe-core, best practices included. */
async function violationsOf(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source)
  const run =
    'axe.run(document).then(({ violations }) => violations.map(v => v.id + ": " + v.nodes.map(n => n.html).join(" ")))'
  return inside(page, z.array(z.string()), run)
}

/** How many pixels the page is wider than its window. */
async function overflowOf(page: Page): Promise<number> {
  return inside(page, z.number(), 'document.documentElement.scrollWidth - document.documentElement.clientWidth')
}

/** The text as it is rendered: what is hidden does not count. */
function shownIn(place: Locator): Promise<string> {
  // biome-ignore lint/performance/useDomNodeTextContent: the text content has what is hidden too, which is the point
  return place.innerText()
}

function wrong({ code }: ApprovalLink): string {
  return String((Number(code) + 1) % 1_000_000).padStart(6, '0')
}

async function answerWith(page: Page, code: string, button: 'Approve' | 'Deny'): Promise<void> {
  if (code !== '') await page.getByLabel('Six-digit code').fill(code)
  await page.getByRole('button', { name: button }).click()
}

const headingOf = (page: Page) => shownIn(page.getByRole('heading', { level: 1 }))

describe('the page behind the link of the mail', () => {
  it('APP-03 shows who asks, for which resources, why, how long and the policy word for word', async () => {
    const { url, requestId } = await askedLink()

    const page = await openIn(url)

    const text = await shownIn(page.locator('main'))
    expect(await headingOf(page)).toBe('Petra Pohl asks: Read the orders of one bucket')
    for (const shown of [
      'petra@acme.example',
      'arn:aws:iam::000000000000:user/people/petra',
      'arn:aws:s3:::acme-orders-2026/*',
      's3:GetObject',
      ORDERS_READ.reason,
      ORDERS_READ.ticket,
      '30 minutes',
      'Medium',
      '"Effect": "Allow"',
      'engineers may read orders',
    ]) {
      expect(text).toContain(shown)
    }
    expect(await shownIn(page.locator('footer'))).toContain(requestId)
  })

  it('APP-02 takes a wrong code as one try: says how many are left, puts the focus there, keeps the comment', async () => {
    const link = await askedLink()
    const page = await openIn(link.url)
    await page.getByLabel('Comment (optional)').fill('for the refund\nonly')

    await answerWith(page, wrong(link), 'Approve')

    expect(await page.title()).toMatch(/^Error: /)
    expect(await page.locator(':focus').getAttribute('role')).toBe('alert')
    expect(await shownIn(page.getByRole('alert'))).toContain('4 tries are left')
    expect(await page.getByLabel('Six-digit code').getAttribute('aria-invalid')).toBe('true')
    expect(await page.getByLabel('Six-digit code').inputValue()).toBe('')
    expect(await page.getByLabel('Comment (optional)').inputValue()).toBe('for the refund\nonly')
    expect((await requestOf(link.requestId)).decisions).toEqual([])
    await page.getByRole('alert').getByRole('link').click()
    expect(await page.locator(':focus').getAttribute('id')).toBe('code')
  })

  it('APP-01 approves with the right code after a wrong one, and shows what was granted until when', async () => {
    const link = await askedLink({ ...ORDERS_READ, duration: 'PT5S' })
    const page = await openIn(link.url)

    await answerWith(page, wrong(link), 'Approve')
    await answerWith(page, link.code, 'Approve')

    expect(await headingOf(page)).toBe('You approved it')
    expect(await shownIn(page.locator('main'))).toMatch(/Petra Pohl gets[\s\S]*Until[\s\S]*UTC/)
    expect((await untilStatus(link.requestId, 'ENDED', 60)).decisions).toMatchObject([{ decision: 'approve' }])
  })

  it('APP-01 denies, with the comment in the record', async () => {
    const link = await askedLink()
    const page = await openIn(link.url)
    await page.getByLabel('Comment (optional)').fill('the report has it')

    await answerWith(page, link.code, 'Deny')

    expect(await headingOf(page)).toBe('You denied it')
    const { status, decisions } = await requestOf(link.requestId)
    expect([status, decisions]).toEqual([
      'DENIED',
      [{ decision: 'deny', approver: 'carol', comment: 'the report has it' }],
    ])
  })

  it('APP-08 approves for less time than was asked, chosen from the list', async () => {
    const link = await askedLink()
    const page = await openIn(link.url)
    await page.getByLabel('For how long at most').selectOption('PT15M')

    await answerWith(page, link.code, 'Approve')

    expect(await headingOf(page)).toBe('You approved it')
    const { allowedDuration, decisions } = await untilStatus(link.requestId, 'ACTIVE', 60)
    expect([allowedDuration, decisions]).toMatchObject(['PT15M', [{ decision: 'approve', duration: 'PT15M' }]])
  })

  it('APP-01 FI-14: open in two tabs, takes one answer; the other tab says so and changes nothing', async () => {
    const link = await askedLink()
    const [one, other] = [await openIn(link.url), await openIn(link.url)]

    await answerWith(one, link.code, 'Deny')
    await answerWith(other, link.code, 'Approve')

    expect(await headingOf(one)).toBe('You denied it')
    expect(await headingOf(other)).not.toBe('You approved it')
    const { status, decisions } = await requestOf(link.requestId)
    expect([status, decisions]).toMatchObject(['DENIED', [{ decision: 'deny' }]])
  })

  it('APP-02 is void after five wrong codes, and says so', async () => {
    const link = await askedLink()
    const page = await openIn(link.url)

    for (let tries = 0; tries < 5; tries += 1) await answerWith(page, wrong(link), 'Approve')

    expect(await page.getByLabel('Six-digit code').count()).toBe(0)
    expect((await requestOf(link.requestId)).decisions).toEqual([])
  })

  it('APP-02 does not send a form without a code, nor with five digits', async () => {
    const link = await askedLink()
    const page = await openIn(link.url)

    await answerWith(page, '', 'Approve')
    await answerWith(page, link.code.slice(1), 'Approve')

    expect(await headingOf(page)).toContain('Petra Pohl asks')
    expect((await requestOf(link.requestId)).status).toBe('PENDING')
  })

  it('APP-01 says what came of it when somebody else was faster, and that nothing was changed', async () => {
    const { requestId, url } = await askedLink(LOGS_READ, 'dana')
    const early = await openIn(url)
    await approve(requestId, 'carol')

    const late = await openIn(url)
    await answerWith(early, '', 'Deny')

    for (const page of [late, early]) {
      expect(await headingOf(page)).toBe('Already answered')
      expect(await shownIn(page.locator('main'))).toContain('This request is approved')
    }
    expect((await requestOf(requestId)).decisions).toMatchObject([{ approver: 'carol' }])
  })

  it('APP-01 tells nothing about a dead link, and offers no form', async () => {
    const page = await openIn(`${house.apiUrl}/decide/${'x'.repeat(43)}`)

    expect(await headingOf(page)).toBe('This link does not work')
    expect(await page.locator('form, input, button').count()).toBe(0)
  })

  it('APP-03 shows markup and characters that reorder text as what they are', async () => {
    const reason =
      '<script>document.title="owned"</script><img src=x onerror=alert(1)> paid \u202E001 RUE\u202C &amp; more'
    const { url } = await askedLink({ ...ORDERS_READ, reason })

    const page = await openIn(url)

    expect(await shownIn(page.locator('blockquote'))).toBe(
      '<script>document.title="owned"</script><img src=x onerror=alert(1)> paid [U+202E]001 RUE[U+202C] &amp; more',
    )
    expect(await page.locator('script, img').count()).toBe(0)
    expect(await page.title()).not.toContain('owned')
  })
})

describe('without a mouse or without scripts', () => {
  it('APP-01 works with the keyboard alone: Tab reaches each field once, Enter in a field sends nothing', async () => {
    const link = await askedLink()
    const page = await openIn(link.url)
    const order: string[] = []
    const focused = () =>
      inside(page, z.string(), 'document.activeElement.id || document.activeElement.textContent.trim()')

    await page.keyboard.press('Tab')
    order.push(await focused())
    await page.keyboard.type(link.code)
    await page.keyboard.press('Enter')
    expect((await requestOf(link.requestId)).status).toBe('PENDING')
    for (let index = 0; index < 4; index += 1) {
      await page.keyboard.press('Tab')
      order.push(await focused())
    }
    await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')])

    expect(order).toEqual(['code', 'duration', 'comment', '✓ Approve', '✕ Deny'])
    expect(await headingOf(page)).toBe('You denied it')
    expect((await requestOf(link.requestId)).status).toBe('DENIED')
  })

  it('APP-01 shows where the focus is', async () => {
    const page = await openIn((await askedLink()).url)

    await page.keyboard.press('Tab')

    const outline = await inside(page, z.string(), 'getComputedStyle(document.activeElement).outlineStyle')
    expect(outline).toBe('solid')
  })

  it('APP-01 works with JavaScript disabled: a wrong code, then the right one', async () => {
    const link = await askedLink()
    const page = await openIn(link.url, { javaScriptEnabled: false })

    await answerWith(page, wrong(link), 'Deny')
    const afterWrong = await shownIn(page.getByRole('alert'))
    await answerWith(page, link.code, 'Deny')

    expect(afterWrong).toContain('4 tries are left')
    expect(await headingOf(page)).toBe('You denied it')
  })
})

describe.each(LOOKS)('every page, %s,', (_, look) => {
  it('APP-03 is without a violation of axe-core and does not scroll sideways', async () => {
    const longest = `${ORDERS_READ.reason} ${'W'.repeat(300)} https://tickets.example/${'a'.repeat(200)}`
    const link = await askedLink({ ...ORDERS_READ, reason: longest })
    const page = await openIn(link.url, look)
    const states: Record<string, unknown> = {}
    const inspect = async (state: string, inspected = page) => {
      states[state] = { violations: await violationsOf(inspected), overflow: await overflowOf(inspected) }
    }

    await inspect('asked')
    await answerWith(page, wrong(link), 'Approve')
    await inspect('wrong code')
    await answerWith(page, link.code, 'Deny')
    await inspect('denied')
    await inspect('dead', await openIn(link.url, look))
    const decided = await askedLink({ ...LOGS_READ, duration: 'PT5S' }, 'dana')
    const approving = await openIn((await linkOf('carol', decided.requestId)).url, look)
    await inspect('asked without a code', approving)
    await answerWith(approving, '', 'Approve')
    await inspect('approved', approving)
    await inspect('already answered', await openIn(decided.url, look))

    const clean = { violations: [], overflow: 0 }
    expect(states).toEqual({
      asked: clean,
      'wrong code': clean,
      denied: clean,
      dead: clean,
      'asked without a code': clean,
      approved: clean,
      'already answered': clean,
    })
  })
})

describe('the looks', () => {
  it('APP-03 is dark on a screen set to dark, and light otherwise', async () => {
    const { url } = await askedLink()
    const brightness = async (colorScheme: 'light' | 'dark') => {
      const page = await openIn(url, { colorScheme })
      const color = await inside(page, z.string(), 'getComputedStyle(document.body).backgroundColor')
      return Math.max(...(color.match(/\d+/g) ?? []).map(Number))
    }

    expect(await brightness('light')).toBeGreaterThan(200)
    expect(await brightness('dark')).toBeLessThan(60)
  })

  it('APP-03 has targets of at least 44 pixels on a phone', async () => {
    const page = await openIn((await askedLink()).url, { viewport: { width: 390, height: 844 } })

    for (const target of await page.locator('button:visible, input:visible, textarea:visible').all()) {
      expect((await target.boundingBox())?.height).toBeGreaterThanOrEqual(44)
    }
  })
})

/** Once, for the documentation: `SAVE_SCREENSHOTS=1`. */
if (process.env.SAVE_SCREENSHOTS === '1') {
  it('APP-03 is in the pictures of the documentation', async () => {
    const { url } = await askedLink()
    const desktop = await openIn(url, { colorScheme: 'light', viewport: { width: 1200, height: 940 } })
    await desktop.screenshot({ path: join(IMAGES, 'decision-page.png') })
    const phone = { colorScheme: 'dark', viewport: { width: 390, height: 844 }, deviceScaleFactor: 2 } as const
    await (await openIn(url, phone)).screenshot({ path: join(IMAGES, 'decision-page-phone-dark.png') })
  })
}
