import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb'
import * as z from 'zod/mini'
import { signedCall } from '../../cli/api/signed-call.ts'
import { linkAndCode, type ReceivedMail, receivedMails } from '../../local/mailbox.ts'
import { $RequestView } from './api-answers.ts'
import type { SearchedHouse } from './canary.ts'
import { until } from './until.ts'

const CREW = Array.from({ length: 20 }, (_, index) => `crew-${String(index + 1).padStart(2, '0')}`)
/** How many are asked before the mail box is looked into, which is read whole each time. */
const BATCH = 50
/** People at their browsers. */
const AT_ONCE = 6
const PATIENCE_SECONDS = 90
const OPEN = new Set(['PENDING', 'APPROVED', 'ACTIVE'])

/** Of ten lives eight end in an approval: one of them after two wrong codes, one by a signature. */
const WAYS = [
  'approve',
  'approve',
  'approve',
  'approve',
  'approve',
  'approve',
  'late',
  'sign',
  'deny',
  'guess',
] as const
type Way = (typeof WAYS)[number]
const APPROVED_OF_ALL = WAYS.filter(way => way !== 'deny' && way !== 'guess').length / WAYS.length

/** The people of `test/e2e/access.yaml` in a deployed house, and what becomes of what they ask. */
export class CanaryLives {
  readonly #house: SearchedHouse
  readonly #requesters = new Map<string, string>()
  #approvals = 0

  constructor(house: SearchedHouse) {
    this.#house = house
  }

  get count(): number {
    return this.#requesters.size
  }

  has(requestId: string): boolean {
    return this.#requesters.has(requestId)
  }

  get approvals(): number {
    return this.#approvals
  }

  async call(person: string, method: string, path: string, body?: unknown): Promise<Response> {
    const keys = this.#house.people[person]
    if (!keys) throw new Error(`${person} has no keys`)
    const url = `${this.#house.apiUrl}${path}`
    return signedCall(keys, this.#house.emulator.region, { method, url, body })
  }

  async ask(person: string, entitlement: string, more: object = {}): Promise<string> {
    const body = { entitlement, duration: 'PT5S', reason: 'canaries are looked for', ...more }
    const answer = await this.call(person, 'POST', '/requests', body)
    if (answer.status !== 202) throw new Error(`${person} was answered ${answer.status}: ${await answer.text()}`)
    const { requestId } = $RequestView.parse(await answer.json())
    this.#requesters.set(requestId, person)
    return requestId
  }

  /** Lives until so many requests are approved. */
  async live(approvals: number, progress: (approvals: number) => void): Promise<void> {
    let lives = 0
    while (this.#approvals < approvals) {
      const left = Math.ceil((approvals - this.#approvals) / APPROVED_OF_ALL)
      const batch = Array.from({ length: Math.min(BATCH, left) }, () => lives++)
      const asked = await eachOf(batch, async index => {
        const way = WAYS[index % WAYS.length] ?? 'approve'
        const person = CREW[index % CREW.length] ?? ''
        const requestId = way === 'sign' ? await this.ask('stan', 'vault-read') : await this.ask(person, 'crew-read')
        return { requestId, way }
      })
      const mails = await this.mailsAbout(new Set(asked.map(({ requestId }) => requestId)))
      await eachOf(asked, ({ requestId, way }) => this.#answer(requestId, way, mails.get(requestId)))
      progress(this.#approvals)
    }
  }

  /** The mail that asks the approver, for each of these requests. */
  mailsAbout(ids: ReadonlySet<string>): Promise<ReadonlyMap<string, ReceivedMail>> {
    return until(`the approvers of ${ids.size} requests are asked`, PATIENCE_SECONDS, async () => {
      const mails = await receivedMails(this.#house.emulator.endpointUrl)
      const asking = mails.filter(({ subject }) => subject.includes(' asks: '))
      const found = new Map(asking.map(mail => [requestOf(mail), mail]))
      return [...ids].every(id => found.has(id)) ? found : undefined
    })
  }

  async #answer(requestId: string, way: Way, mail: ReceivedMail | undefined): Promise<void> {
    if (way === 'sign') return this.#sign(requestId)
    if (!mail) throw new Error(`nobody was asked about ${requestId}`)
    const { url, code = '' } = linkAndCode(mail)
    const wrongs = way === 'guess' ? 5 : way === 'late' ? 2 : 0
    for (let guess = 1; guess <= wrongs; guess += 1) await send(url, 'approve', wrong(code, guess))
    if (way === 'guess') return this.takeBack(requestId)
    const status = await send(url, way === 'deny' ? 'deny' : 'approve', code)
    if (status !== 200) throw new Error(`the answer about ${requestId} was answered ${status}`)
    if (way !== 'deny') this.#approvals += 1
  }

  async #sign(requestId: string): Promise<void> {
    const { seen } = z
      .object({ seen: z.string() })
      .parse(await (await this.call('olga', 'GET', `/requests/${requestId}`)).json())
    const answer = await this.call('olga', 'POST', `/requests/${requestId}/decision`, { decision: 'approve', seen })
    if (answer.status !== 200) throw new Error(`Olga was answered ${answer.status}: ${await answer.text()}`)
    this.#approvals += 1
  }

  async takeBack(requestId: string): Promise<void> {
    await this.call(this.#requesters.get(requestId) ?? '', 'POST', `/requests/${requestId}/cancel`)
  }

  async giveBack(requestId: string): Promise<void> {
    await this.call(this.#requesters.get(requestId) ?? '', 'POST', `/requests/${requestId}/end`)
  }

  async status(requestId: string): Promise<string> {
    return $RequestView.parse(await (await this.call('erin', 'GET', `/requests/${requestId}`)).json()).status
  }

  /** Waits until none of the requests is open: what comes after logs and writes as well. */
  async over(): Promise<void> {
    const { endpointUrl: endpoint, region, rootCredentials: credentials } = this.#house.emulator
    const client = DynamoDBDocumentClient.from(new DynamoDBClient({ endpoint, region, credentials }))
    let open: readonly string[] = []
    await until(`${this.#requesters.size} requests are over`, PATIENCE_SECONDS, async () => {
      const rows: Record<string, unknown>[] = []
      const pages = paginateScan({ client }, { TableName: this.#house.tableName, ConsistentRead: true })
      for await (const { Items = [] } of pages) rows.push(...Items)
      open = rows
        .filter(({ kind, id, status }) => kind === 'request' && this.has(`${id}`) && OPEN.has(`${status}`))
        .map(({ id, status, entitlement }) => `${id} ${entitlement} ${status}`)
      return open.length === 0 ? true : undefined
    }).catch(cause => {
      throw new Error(`still open: ${open.join(', ')}`, { cause })
    })
  }
}

/** Sends the form of the page behind a link, as it is opened now. */
export async function send(url: string, decision: 'approve' | 'deny', code: string): Promise<number> {
  const seen = /name="seen" value="([0-9a-f]{64})"/.exec(await (await fetch(url)).text())?.[1] ?? ''
  const body = new URLSearchParams({ decision, seen, code, comment: '' })
  return (await fetch(url, { method: 'POST', body })).status
}

function wrong(code: string, step: number): string {
  return String((Number(code) + step) % 1_000_000).padStart(6, '0')
}

/** The request a mail is about. */
export function requestOf({ text }: ReceivedMail): string {
  return /^Request (\S{26})$/m.exec(text)?.[1] ?? ''
}

async function eachOf<In, Out>(many: readonly In[], work: (one: In) => Promise<Out>): Promise<readonly Out[]> {
  const waiting = [...many]
  const done: Out[] = []
  const worker = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) done.push(await work(next))
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  return done
}
