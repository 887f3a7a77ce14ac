import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CreateAccessKeyCommand, GetPolicyCommand, NoSuchEntityException } from '@aws-sdk/client-iam'
import { expect } from '@jest/globals'
import * as z from 'zod/mini'
import { type Keys, signedCall } from '../../cli/api/signed-call.ts'
import { verifyChain } from '../../lambdas/domain/ledger.ts'
import { linkAndCode, type ReceivedMail, receivedMails } from '../../local/mailbox.ts'
import { $EventView, $Problem, $RequestView, type RequestView } from './api-answers.ts'
import { openPage, postForm, seenOf } from './approval-link.ts'
import { writeCompanyFile } from './company-file.ts'
import { OwnHouse } from './own-house.ts'
import { PROJECT } from './source-files.ts'
import { until } from './until.ts'

/** How long a step may take while all stories run at once on a busy machine. */
const PATIENCE_SECONDS = 150
const AUDITOR = 'aron'

/** What a request can still leave. */
const OPEN: ReadonlySet<RequestView['status']> = new Set(['PENDING', 'APPROVED', 'ACTIVE'])

const $Events = z.object({ events: z.array($EventView) })
const $Seen = z.object({ seen: z.string() })

export interface Answer {
  readonly status: number
  readonly body: unknown
}

export interface Signed {
  readonly decision: 'approve' | 'deny'
  readonly seen: string
  readonly duration?: string
  readonly comment?: string
}

/** The company of `test/e2e/company/access.yaml` in a house of its own, and what its people do there. */
export class Company {
  readonly own: OwnHouse
  readonly #keys: Readonly<Record<string, Keys>>
  readonly #folder = mkdtempSync(join(tmpdir(), 'lapse-company-'))

  private constructor(own: OwnHouse, keys: Readonly<Record<string, Keys>>) {
    this.own = own
    this.#keys = keys
    const { apiUrl, emulator } = own.house
    const local = { apiUrl, endpointUrl: emulator.endpointUrl, region: emulator.region, people: keys }
    mkdirSync(join(this.#folder, '.lapse'))
    writeFileSync(join(this.#folder, '.lapse', 'local.json'), JSON.stringify(local))
  }

  /** People sign with their first account; `voss` is the second of Viktor. */
  static async open(): Promise<Company> {
    const own = await OwnHouse.start(writeCompanyFile)
    const { AccessKey } = await own.iam.send(new CreateAccessKeyCommand({ UserName: 'voss' }))
    const { AccessKeyId: accessKeyId = '', SecretAccessKey: secretAccessKey = '' } = AccessKey ?? {}
    return new Company(own, { ...own.house.people, voss: { accessKeyId, secretAccessKey } })
  }

  async close(): Promise<void> {
    rmSync(this.#folder, { recursive: true })
    await this.own.stop()
  }

  async call(account: string, method: string, path: string, body?: unknown): Promise<Answer> {
    const keys = this.#keys[account]
    if (!keys) throw new Error(`${account} has no keys`)
    const { region, apiUrl } = this.own.house
    const response = await signedCall(keys, region, { method, url: `${apiUrl}${path}`, body })
    return { status: response.status, body: await response.json() }
  }

  /** Asks for access and gives the id of the request. */
  async ask(account: string, body: object, path = '/requests'): Promise<string> {
    const answer = await this.call(account, 'POST', path, body)
    if (answer.status !== 202) throw new Error(`${account} was answered ${JSON.stringify(answer)}`)
    return $RequestView.parse(answer.body).requestId
  }

  /** Asks for what is refused and gives why, with the status the request then has. */
  async refusal(account: string, body: object) {
    const answer = await this.call(account, 'POST', '/requests', body)
    const { code, rule, detail, requestId = '' } = $Problem.parse(answer.body)
    const { status } = await this.history(requestId)
    return { answered: answer.status, code, rule, detail, status }
  }

  /** The request with its events, as the auditor sees it. Its chain is verified. */
  async history(requestId: string) {
    const { status, body } = await this.call(AUDITOR, 'GET', `/requests/${requestId}`)
    if (status !== 200) throw new Error(`request ${requestId} was answered ${status}`)
    const events = $Events.parse(body).events.map(event => ({ requestId, ...event }))
    expect(verifyChain(requestId, events).outcome).toBe('intact')
    return { ...$RequestView.parse(body), events }
  }

  until(requestId: string, status: RequestView['status']) {
    return until(`request ${requestId} is ${status}`, PATIENCE_SECONDS, async () => {
      const request = await this.history(requestId)
      if (request.status === status) return request
      if (!OPEN.has(request.status)) throw new Error(`request ${requestId} is ${request.status} and not ${status}`)
      return undefined
    })
  }

  /** The grant of a request in force. */
  async inForce(requestId: string) {
    const { grant, ...request } = await this.until(requestId, 'ACTIVE')
    if (!grant) throw new Error(`request ${requestId} is ACTIVE without a grant`)
    return { ...request, grant }
  }

  /** The request after its grant: with the receipt, and IAM has nothing left of it. */
  async ended(requestId: string) {
    const request = await this.until(requestId, 'ENDED')
    const { receipt, grant, endCause } = request
    if (!receipt || !grant) throw new Error(`request ${requestId} is ENDED without a receipt`)
    expect(receipt).toMatchObject({ policyArn: grant.policyArn, policy: 'NoSuchEntity', detached: 1 })
    expect(await this.#hasPolicy(grant.policyArn)).toBe(false)
    if (endCause === 'expired') expect(receipt.verifiedAt.getTime()).toBeGreaterThanOrEqual(grant.notAfter.getTime())
    const seconds = (grant.notAfter.getTime() - grant.notBefore.getTime()) / 1000
    return { ...request, grant, seconds, types: request.events.map(({ type }) => type) }
  }

  async #hasPolicy(PolicyArn: string): Promise<boolean> {
    try {
      await this.own.iam.send(new GetPolicyCommand({ PolicyArn }))
      return true
    } catch (error) {
      if (error instanceof NoSuchEntityException) return false
      throw error
    }
  }

  mails(): Promise<readonly ReceivedMail[]> {
    return receivedMails(this.own.house.emulator.endpointUrl)
  }

  /** Waits for the mail that asks a person about a request. */
  invitation(person: string, requestId: string, subject: string | RegExp = / asks: /): Promise<ReceivedMail> {
    return until(`${person} is asked about ${requestId}`, PATIENCE_SECONDS, async () =>
      (await this.mails()).findLast(
        mail => nameOf(mail.to[0]) === person && mail.subject.match(subject) && requestOf(mail) === requestId,
      ),
    )
  }

  /** Approves as a person does who has but the mail: opens the page, sends its form with the code. Gives the page. */
  async approveByLink(person: string, requestId: string, subject?: RegExp): Promise<string> {
    const { url, code = '' } = linkAndCode(await this.invitation(person, requestId, subject))
    const page = await openPage(url)
    const answer = await postForm(url, { decision: 'approve', seen: seenOf(page), code, comment: '' })
    if (answer.status !== 200) throw new Error(`${person} was answered ${answer.status}: ${answer.text.slice(-800)}`)
    return page.text
  }

  /** What an approver is shown, by its hash. */
  async seenBy(account: string, requestId: string): Promise<string> {
    return $Seen.parse((await this.call(account, 'GET', `/requests/${requestId}`)).body).seen
  }

  sign(account: string, requestId: string, signed: Signed): Promise<Answer> {
    return this.call(account, 'POST', `/requests/${requestId}/decision`, signed)
  }

  /** Runs `lapse` as a person; gives its exit code and what it said. */
  lapse(person: string, ...line: readonly string[]): Promise<{ readonly exit: number; readonly said: string }> {
    const options = { cwd: this.#folder, env: { PATH: process.env.PATH ?? '' }, timeout: PATIENCE_SECONDS * 1000 }
    return new Promise(done => {
      const program = [join(PROJECT, 'bin', 'lapse.ts'), ...line, '--as', person]
      const child = execFile(process.execPath, program, options, (_, out, err) =>
        done({ exit: child.exitCode ?? -1, said: `${out}${err}` }),
      )
    })
  }
}

/** Everybody of the company has their id before the `@` of their address. */
export function nameOf(address = ''): string {
  return address.slice(0, address.indexOf('@'))
}

/** The request a mail is about. */
export function requestOf({ text }: ReceivedMail): string {
  return /^Request (\S{26})$/m.exec(text)?.[1] ?? ''
}
