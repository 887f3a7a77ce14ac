import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import * as z from 'zod/mini'
import { $RequestView } from '../support/api-answers.ts'
import { approve } from '../support/approval-link.ts'
import { PROJECT } from '../support/source-files.ts'
import { house, personOf, policyExists, requestOf, untilStatus } from '../support/the-house.ts'
import { until } from '../support/until.ts'

/** The program itself, run as a process by people of the deployed house. */
const folder = mkdtempSync(join(tmpdir(), 'lapse-command-line-'))
const REASON = 'the machines of the sandbox hang'

beforeAll(() => {
  mkdirSync(join(folder, '.lapse'))
  const { apiUrl, people, emulator } = house
  const local = { apiUrl, endpointUrl: emulator.endpointUrl, region: emulator.region, people }
  writeFileSync(join(folder, '.lapse', 'local.json'), JSON.stringify(local))
})
afterAll(() => rmSync(folder, { recursive: true }))

interface Ended {
  readonly exit: number
  readonly out: string
  readonly err: string
}

/** Runs `lapse` in the folder of the house. The environment holds nothing of the test run's but the path. */
function lapse(line: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const env = { PATH: process.env.PATH ?? '', ...environment }
  return new Promise(done => {
    const child = execFile(
      process.execPath,
      [join(PROJECT, 'bin', 'lapse.ts'), ...line],
      { cwd: folder, env, timeout: 60_000 },
      (_, out, err) => done({ exit: child.exitCode ?? -1, out, err }),
    )
  })
}

const asTessa = (...line: readonly string[]) => lapse([...line, '--as', 'tessa'])
const asDana = (...line: readonly string[]) => lapse([...line, '--as', 'dana'])

/** Tessa's request as `--json` printed it. */
function requestIn({ out }: Ended) {
  return $RequestView.parse(JSON.parse(out))
}

/** A request of Tessa's that nobody has answered. */
async function pending(...more: readonly string[]): Promise<string> {
  return requestIn(await asTessa('request', 'sandbox-admin', '--reason', REASON, '--json', ...more)).requestId
}

/** A grant of Tessa's in force: asked with --wait, approved meanwhile by Dana's link. */
async function active(duration = '5m') {
  const waiting = asTessa('request', 'sandbox-admin', '--reason', REASON, '--duration', duration, '--wait', '--json')
  const requestId = await newest()
  await approve(requestId, 'dana')
  return { requestId, waited: await waiting }
}

/** The id of Tessa's newest request, once it is pending. */
function newest(): Promise<string> {
  return until('a pending request of Tessa', 60, async () => {
    const { out } = await asTessa('list', '--status', 'pending', '--json')
    return z.array($RequestView).parse(JSON.parse(out))[0]?.requestId
  })
}

describe('lapse against the deployed house', () => {
  it('CLI-01 REQ-08 entitlements are listed to a person, not piped in colour', async () => {
    const { exit, out, err } = await asTessa('entitlements')

    expect([exit, err]).toEqual([0, ''])
    expect(out).toMatch(/^ENTITLEMENT .*\n(?:.*\n)*sandbox-admin +Run the machines of the sandbox +medium +2h +12h /)
    expect(out).not.toContain('\u001b')
  })

  it('CLI-01 signs with the credentials of the environment as every AWS tool does', async () => {
    const { accessKeyId, secretAccessKey } = personOf('tessa')
    const environment = {
      LAPSE_API_URL: house.apiUrl,
      AWS_REGION: house.emulator.region,
      AWS_ACCESS_KEY_ID: accessKeyId,
    }

    const known = await lapse(['entitlements', '--json'], { ...environment, AWS_SECRET_ACCESS_KEY: secretAccessKey })
    const guessed = await lapse(['entitlements'], { ...environment, AWS_SECRET_ACCESS_KEY: 'guessed' })

    expect([known.exit, JSON.parse(known.out).person]).toEqual([0, 'tessa'])
    expect([guessed.exit, guessed.out]).toEqual([2, ''])
    expect(guessed.err).toMatch(/\(wrong-signature\)/)
  })

  it('CLI-01 REQ-09 previews what would pass, exit 0, and what would not, exit 1', async () => {
    const passes = await asTessa('preview', 'sandbox-admin', '--duration', '5m')
    const fails = await asTessa('preview', 'sandbox-admin', '--duration', '13h')

    expect([passes.exit, fails.exit]).toEqual([0, 1])
    expect(passes.out).toMatch(/allow +ec2:StartInstances ec2:StopInstances/)
    expect(fails.out).toMatch(/\(duration-too-long\)[\s\S]+would pass +a duration from PT5S to PT12H/)
  })

  it('CLI-01 REQ-06 asks once for one key, and REQ-07 cancels it', async () => {
    const requestId = await pending('--key', 'tessa-cancels')
    expect(await pending('--key', 'tessa-cancels')).toBe(requestId)

    const cancelled = await asTessa('cancel', requestId, '--json')
    const again = await asTessa('cancel', requestId)

    expect([cancelled.exit, requestIn(cancelled).status]).toEqual([0, 'CANCELLED'])
    expect(again.exit).toBe(1)
    expect(again.err).toMatch(/\(not-pending\)/)
  })

  it('CLI-01 REQ-05 a refusal is told with what would pass, exit 1, and is on record', async () => {
    const { exit, out } = await asTessa('request', 'sandbox-admin', '--reason', REASON, '--duration', '13h', '--json')

    const { code, requestId } = z.object({ code: z.string(), requestId: z.string() }).parse(JSON.parse(out))
    expect([exit, code, (await requestOf(requestId)).status]).toEqual([1, 'duration-too-long', 'REFUSED'])
  })

  it('CLI-01 --wait tells live until the grant is in force; status has the timeline; end takes the policy away', async () => {
    const { requestId, waited } = await active()

    expect([waited.exit, requestIn(waited).status]).toEqual([0, 'ACTIVE'])
    expect(waited.err).toMatch(/asked +tessa\n[\s\S]*approved +dana\n[\s\S]*activated +applier\n/)
    const status = await asTessa('status', requestId)
    expect(status.out).toMatch(/in force +\S+Z to \S+Z\n/)
    expect(status.out).toMatch(/approved +dana\n/)
    const listed = await asTessa('list', '--status', 'active')
    expect(listed.out).toMatch(new RegExp(`^${requestId} +ACTIVE +tessa +sandbox-admin `, 'm'))
    const ended = requestIn(await asTessa('end', requestId, '--json'))
    expect([ended.status, ended.endCause]).toEqual(['ENDED', 'returned'])
    expect(await policyExists(ended.grant?.policyArn ?? '')).toBe(false)
  })

  it('CLI-01 END-04 an administrator revokes; somebody else is told no; AUD-06 an auditor reads all of it by one command', async () => {
    const { requestId } = await active()

    const refused = await asTessa('revoke', requestId, '--reason', 'not mine to do')
    const revoked = await asDana('revoke', requestId, '--reason', 'the keys leaked', '--json')

    expect(refused.exit).toBe(1)
    expect(refused.err).toMatch(/\(not-an-administrator\)/)
    expect([revoked.exit, requestIn(revoked).endCause]).toEqual([0, 'revoked'])
    const order = (await requestOf(requestId)).events.find(({ type }) => type === 'end-ordered')
    expect(order).toMatchObject({ actor: { person: 'dana' }, details: { reason: 'the keys leaked' } })
    const report = await lapse(['report', requestId, '--as', 'erin'])
    expect([report.exit, report.err]).toEqual([0, ''])
    expect(report.out).toMatch(/\nWho\n +person +tessa\n[\s\S]*decision +dana approved at \S+Z, by the link of a mail/)
    expect(report.out).toMatch(/\nWhich resources\n +entitlement +sandbox-admin\n[\s\S]*allow +ec2:StartInstances/)
    expect(report.out).toMatch(/\nWhy\n +reason +the machines of the sandbox hang\n/)
    expect(report.out).toMatch(/ended +\S+Z, revoked, by dana: the keys leaked\n +proven gone +\S+Z/)
    expect(report.out).toMatch(/\nProof\n +intact +the \d+ events prove each other\n/)
  })

  it('CLI-01 APP-09 an approver approves what they were shown, for less time; APP-05 the requester cannot', async () => {
    const requestId = await pending('--duration', '20m')

    const own = await asTessa('approve', requestId, '--yes')
    const unconfirmed = await asDana('approve', requestId)
    expect([own.exit, unconfirmed.exit, (await requestOf(requestId)).status]).toEqual([2, 2, 'PENDING'])

    const approved = await asDana('approve', requestId, '--duration', '10m', '--comment', 'ten will do', '--yes')
    expect(approved.exit).toBe(0)
    expect(approved.err).toMatch(/reason +the machines of the sandbox hang\n[\s\S]*allow +ec2:StartInstances/)
    const { grant } = await untilStatus(requestId, 'ACTIVE')
    expect(Number(grant?.notAfter) - Number(grant?.notBefore)).toBe(600_000)

    const extension = requestIn(
      await asTessa('extend', requestId, '--duration', '5m', '--reason', 'nearly done', '--json'),
    )
    expect((await asDana('deny', extension.requestId, '--comment', 'enough', '--yes')).exit).toBe(0)
    const denied = await asTessa('status', extension.requestId)
    expect(denied.out).toMatch(new RegExp(`DENIED\\n[\\s\\S]*prolongs +${requestId}\\n`))
    expect((await asTessa('end', requestId)).exit).toBe(0)
  })

  it('CLI-01 REV-16 an auditor makes a review and downloads its pack, checked', async () => {
    const opened = await lapse(['review', 'create', '--json', '--as', 'erin'])
    const { period, version } = z.object({ period: z.string(), version: z.number() }).parse(JSON.parse(opened.out))
    const $list = z.object({
      reviews: z.array(z.object({ period: z.string(), pack: z.optional(z.object({ version: z.number() })) })),
    })
    await until(`the review of ${period} is ready`, 60, async () => {
      const { reviews } = $list.parse(JSON.parse((await lapse(['review', 'list', '--json', '--as', 'erin'])).out))
      return reviews.find(review => review.period === period)?.pack?.version === version ? true : undefined
    })

    const { exit, out } = await lapse(['review', 'download', period, '--to', 'pack', '--as', 'erin'])

    expect([exit, readdirSync(join(folder, 'pack')).includes('report.html')]).toEqual([0, true])
    expect(out).toMatch(/every file as its manifest says/)
    expect((await asTessa('review', 'list')).exit).toBe(1)
  })

  it('CLI-01 END-05 a freeze ends what lives and refuses what is asked, until it is lifted', async () => {
    const { requestId } = await active()

    const frozen = await asDana('freeze', '--reason', 'keys of a laptop were stolen')
    try {
      const asked = await asTessa('request', 'sandbox-admin', '--reason', REASON)
      expect([frozen.exit, asked.exit]).toEqual([0, 1])
      expect(frozen.out).toMatch(new RegExp(`${requestId} +ended\n`))
      expect(asked.err).toMatch(/\(frozen\)/)
      expect((await requestOf(requestId)).endCause).toBe('frozen')
    } finally {
      expect((await asDana('unfreeze')).out).toMatch(/^The freeze is lifted, by dana at /)
    }
    await asTessa('cancel', await pending())
  })

  it('CLI-01 POL-02 past requests are replayed from the API by an auditor', async () => {
    const file = join(PROJECT, 'test', 'e2e', 'access.yaml')

    const replay = ['replay', '--against', file, '--known', file, '--from-api', '--expect-same', '--json']
    const { exit, out, err } = await lapse([...replay, '--as', 'erin'])

    expect(err).toBe('')
    expect([exit, out]).toEqual([0, expect.stringContaining('"totals"')])
    const { totals } = z.object({ totals: z.record(z.string(), z.number()) }).parse(JSON.parse(out))
    expect([totals.nowRefused, totals.nowPass, totals.changed]).toEqual([0, 0, 0])
    expect(totals.requests).toBeGreaterThan(1)
  })

  it.each([
    ['wrong use', ['list', '--status', 'sleeping'], 2, /--status must be a status/],
    ['an id that is none', ['status', 'nonsense'], 2, /<id> must be the id of a request/],
    ['an id of nothing', ['status', '0'.repeat(26)], 1, /\(unknown-request\)/],
    ['an unknown command', ['requets'], 2, /Did you mean request\?/],
  ])('CLI-01 %s ends with its exit code and says what would pass', async (_, line, exit, words) => {
    const done = await asTessa(...line)

    expect([done.exit, done.out]).toEqual([exit, ''])
    expect(done.err).toMatch(words)
  })
})
