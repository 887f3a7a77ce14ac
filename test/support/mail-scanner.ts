/** What a scanner of mail has in its hands: the mail as it came, and a way to call what it finds. */
export interface ScannedMail {
  readonly text: string
  readonly html: string
  call(method: string, url: string, options?: ScannerCall): Promise<ScannerAnswer>
}

export interface ScannerCall {
  readonly form?: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
}

export interface ScannerAnswer {
  readonly status: number
  readonly text: string
}

type Scan = (mail: ScannedMail) => Promise<unknown>

/**
 * What scanners of mail have been seen to do with a link, the worst of them submitting the forms behind it:
 * https://learn.microsoft.com/en-us/defender-office-365/safe-links-about. None of them reads a code out of the text.
 */
export const SCANS: Readonly<Record<string, Scan>> = {
  'asks for the HEAD and the OPTIONS of every link': mail =>
    eachLink(mail, async url => {
      for (const method of ['HEAD', 'OPTIONS']) await mail.call(method, url)
    }),
  'follows every link of the mail, and every link of the pages behind them': mail =>
    eachLink(mail, async url => {
      const { text } = await mail.call('GET', url)
      for (const further of linksIn(text)) await mail.call('GET', further)
    }),
  'opens every link fifty times, as a prefetch and a preview': mail =>
    eachLink(mail, async url => {
      for (let reading = 0; reading < 50; reading += 1) await mail.call('GET', url, { headers: PREVIEW })
    }),
  'submits every form as it finds it, by each of its buttons and by none': mail =>
    eachLink(mail, url => submitAll(mail, url, fields => fields)),
  'submits every form with words in its fields': mail =>
    eachLink(mail, url => submitAll(mail, url, filledWith('test'))),
  'submits every form twenty times with guesses at what its fields want': mail =>
    eachLink(mail, async url => {
      for (let pass = 0; pass < 20; pass += 1) {
        await submitAll(mail, url, filledWith(GUESSES[pass % GUESSES.length] ?? ''))
      }
    }),
  'submits every form from a site of its own': mail =>
    eachLink(mail, async url => {
      for (const code of ['', '000000', '123456']) await submitAll(mail, url, filledWith(code), ELSEWHERE)
    }),
}

const PREVIEW = { 'sec-purpose': 'prefetch;prerender', purpose: 'preview', 'x-moz': 'prefetch' }
const ELSEWHERE = { 'sec-fetch-site': 'cross-site', origin: 'https://scanner.example' }
const GUESSES = [
  'aaaaaa',
  '12345',
  '1234567',
  'scanner@example.com',
  '2027-03-01',
  ' ',
  '12 34 56',
  '１２３４５６',
  '0',
  'on',
]

/** Every address of the mail's text and HTML, once. */
async function eachLink(mail: ScannedMail, work: (url: string) => Promise<unknown>): Promise<void> {
  for (const url of new Set([...linksIn(mail.html), ...linksIn(mail.text)])) await work(url)
}

function linksIn(text: string): readonly string[] {
  return [...text.replaceAll('&amp;', '&').matchAll(/https?:\/\/[^\s"'<>]+/g)].map(([url]) => url)
}

type Fields = Readonly<Record<string, string>>

async function submitAll(
  mail: ScannedMail,
  url: string,
  filled: (fields: Fields) => Fields,
  headers: Readonly<Record<string, string>> = { 'sec-fetch-site': 'same-origin' },
): Promise<void> {
  const { text } = await mail.call('GET', url)
  for (const { fields, buttons } of formsIn(text)) {
    for (const button of [...buttons, {}])
      await mail.call('POST', url, { form: { ...filled(fields), ...button }, headers })
  }
}

/** Fills in whatever a person could type; what is hidden has its value and keeps it. */
function filledWith(word: string) {
  return (fields: Fields): Fields =>
    Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, value === '' ? word : value]))
}

/** The forms of a page, with what their fields hold and the buttons that send them. */
export function formsIn(html: string): readonly { readonly fields: Fields; readonly buttons: readonly Fields[] }[] {
  return [...html.matchAll(/<form\b[\s\S]*?<\/form>/g)].map(([form]) => {
    const tags = [...form.matchAll(/<(input|textarea|select|button)\b([^>]*)>/g)].flatMap(
      ([, tag, attributes = '']) => {
        const name = /\bname="([^"]*)"/.exec(attributes)?.[1]
        const value = /\bvalue="([^"]*)"/.exec(attributes)?.[1] ?? ''
        return name === undefined ? [] : [{ isButton: tag === 'button', name, value }]
      },
    )
    const isButton = ({ isButton }: (typeof tags)[number]) => isButton
    return {
      fields: Object.fromEntries(tags.filter(tag => !isButton(tag)).map(({ name, value }) => [name, value])),
      buttons: tags.filter(isButton).map(({ name, value }) => ({ [name]: value })),
    }
  })
}
