import { request } from 'node:http'
import { afterEach, describe, expect, it } from '@jest/globals'
import { framedMail, listPage, mailPage } from '../../local/mail-box/pages.ts'
import { type MailBox, startMailBox } from '../../local/mail-box/server.ts'
import type { ReceivedMail } from '../../local/mailbox.ts'

const PEOPLE = [
  { name: 'Alice Aoki', email: 'alice@acme.example' },
  { name: 'Carol Castillo', email: 'carol@acme.example' },
]

function aMail(given: Partial<ReceivedMail> = {}): ReceivedMail {
  return {
    id: 'first@email',
    to: ['carol@acme.example'],
    subject: 'Alice Aoki asks',
    text: 'Open this page',
    html: '<!doctype html><html><head><title>x</title></head><body><a href="http://127.0.0.1/decide/x">x</a></body></html>',
    at: new Date('2027-03-01T11:00:00Z'),
    ...given,
  }
}

describe('the pages of the mail box', () => {
  const EVIL = `"><script>alert(1)</script>`
  const evil = aMail({ id: EVIL, subject: EVIL, text: EVIL, to: [EVIL] })

  it.each([
    ['the list', listPage({ mails: [evil], people: PEOPLE, chosen: EVIL })],
    ['a mail as HTML', mailPage(evil, PEOPLE, 'html')],
    ['a mail as text', mailPage(evil, PEOPLE, 'text')],
  ])('%s escapes what a mail holds', (_, page) => {
    expect(page).not.toContain('<script')
    expect(page).not.toContain(EVIL)
    expect(page).toContain('&lt;script&gt;')
  })

  it('list the newest mail first', () => {
    const page = listPage({ mails: [aMail({ subject: 'older' }), aMail({ subject: 'newer' })], people: PEOPLE })

    expect(page.indexOf('newer')).toBeLessThan(page.indexOf('older'))
  })

  it('list the mails of one person, and how many everybody has', () => {
    const mails = [aMail({ subject: 'to carol' }), aMail({ subject: 'to alice', to: ['alice@acme.example'] })]
    const page = listPage({ mails, people: PEOPLE, chosen: 'alice@acme.example' })

    expect(page).toContain('to alice')
    expect(page).not.toContain('to carol')
    expect(page).toContain(
      '<a href="/?to=alice%40acme.example" aria-current="page">Alice Aoki <span class="count">1</span>',
    )
    expect(page).toContain('<a href="/">Everybody <span class="count">2</span>')
  })

  it('load the list again without a script, and leave a mail alone that somebody reads', () => {
    expect(listPage({ mails: [], people: PEOPLE })).toContain('<meta http-equiv="refresh" content="5">')
    expect(mailPage(aMail(), PEOPLE, 'html')).not.toContain('http-equiv="refresh"')
  })

  it('show a mail in a frame that runs nothing and may open links', () => {
    const page = mailPage(aMail(), PEOPLE, 'html')

    expect(page).toMatch(
      /<iframe src="\/mails\/first%40email\/html"[^>]* sandbox="allow-popups allow-popups-to-escape-sandbox">/,
    )
    expect(framedMail(aMail()).match(/<head><base target="_blank">/g)).toHaveLength(1)
    expect(framedMail(aMail({ html: '<p>bare</p>' }))).toBe('<base target="_blank"><p>bare</p>')
  })
})

describe('the server of the mail box', () => {
  let box: MailBox | undefined
  afterEach(() => box?.close())

  const started = async (mails: () => Promise<readonly ReceivedMail[]> = async () => [aMail()]) => {
    box = await startMailBox({ mails, people: PEOPLE, port: 0 })
    return box.url
  }

  it('serves list, mail and frame on the loopback interface, none of them with a script', async () => {
    const url = await started()
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/)

    for (const path of ['', 'mails/first%40email', 'mails/first%40email?as=text', 'mails/first%40email/html']) {
      const response = await fetch(`${url}${path}`)
      const policy = response.headers.get('content-security-policy') ?? ''

      expect([path, response.status]).toEqual([path, 200])
      expect(policy).toContain("default-src 'none'")
      expect(policy).not.toContain('script-src')
      expect(response.headers.get('referrer-policy')).toBe('no-referrer')
    }
    const framed = await fetch(`${url}mails/first%40email/html`)
    expect(framed.headers.get('content-security-policy')).toMatch(/^sandbox allow-popups /)
  })

  it('answers 404 for a mail there is not', async () => {
    expect((await fetch(`${await started()}mails/other`)).status).toBe(404)
  })

  it('can only be read', async () => {
    expect((await fetch(await started(), { method: 'POST' })).status).toBe(405)
  })

  it('does not answer to the name of somebody else', async () => {
    const { port } = new URL(await started())
    const status = await new Promise(resolve => {
      request({ host: '127.0.0.1', port, headers: { host: `evil.example:${port}` } }, ({ statusCode }) =>
        resolve(statusCode),
      ).end()
    })

    expect(status).toBe(421)
  })

  it('says so when the house does not answer', async () => {
    const response = await fetch(await started(() => Promise.reject(new Error('ECONNREFUSED'))))

    expect(response.status).toBe(502)
    expect(await response.text()).toContain('The house does not answer')
  })
})
