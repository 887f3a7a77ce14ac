import { describe, expect, it } from '@jest/globals'
import { findingView } from '../../lambdas/contract/finding-view.ts'
import type { Finding } from '../../lambdas/domain/findings/finding.ts'
import { $Finding } from '../../lib/openapi/finding-answers.ts'
import { aFinding } from '../support/a-finding.ts'
import { anAccessFile } from '../support/an-access-file.ts'
import type { Told } from '../support/loopback-api.ts'
import { house } from '../support/typed-in-house.ts'

const ID = aFinding().id
const OPEN = '/findings?state=open&limit=100'
const closed = { by: 'adam', at: new Date('2027-03-01T11:00:00Z'), comment: 'a new task' }

/** As the API answers it, by its own document. */
function answerOf(overrides: Partial<Finding> = {}) {
  const view: unknown = JSON.parse(JSON.stringify(findingView(anAccessFile(), aFinding(overrides))))
  return $Finding.parse(view)
}

const problem = (status: number, code: string, detail: string, wouldPass: string): Told => ({
  status,
  body: { type: `urn:lapse:problem:${code}`, title: 'Refused', status, code, detail, wouldPass },
})

describe('lapse findings', () => {
  it.each([[['findings']], [['findings', 'list']]])(
    'ANO-05 CLI-01 %j lists what is open, page by page, and says how to go on',
    async line => {
      const [first, second] = [
        answerOf(),
        answerOf({ id: `${ID.slice(0, 25)}0`, rule: 'drift', holds: false, count: 3 }),
      ]
      const { type } = await house({
        [`GET ${OPEN}`]: [{ body: { findings: [first], next: first.findingId } }],
        [`GET ${OPEN}&after=${first.findingId}`]: [{ body: { findings: [second] } }],
      })

      const { exit, out, err } = await type(line)

      expect(exit).toBe(0)
      expect(out).toMatch(/^FINDING +RULE +ABOUT +OPENED +FOUND +STATE +LAST\n/)
      expect(out).toMatch(
        new RegExp(`\n${ID} +ineligible-probing +alice +2027-03-01T09:00:00Z +once +open, holds +5 entitlements`),
      )
      expect(out).toMatch(/ drift +alice +2027-03-01T09:00:00Z +3 times +open +5 entitlements/)
      expect(err).toContain('lapse findings show <id>')
    },
  )

  it('ANO-05 CLI-01 that are none are said to be none', async () => {
    const { type } = await house({
      [`GET ${OPEN}`]: [{ body: { findings: [] } }],
      'GET /findings?state=closed&limit=100': [{ body: { findings: [] } }],
    })

    expect((await type(['findings'])).out).toBe('No finding is open.\n')
    expect((await type(['findings', '--state', 'closed'])).out).toBe('No finding is closed.\n')
    expect((await type(['findings', '--json'])).out).toBe('[]\n')
  })

  it('ANO-05 CLI-01 --state closed --json gives every closed one as the API said it', async () => {
    const answer = { ...answerOf({ closed }), more: 'of a later version' }
    const { type } = await house({ 'GET /findings?state=closed&limit=100': [{ body: { findings: [answer] } }] })

    const asJson = await type(['findings', '--state', 'CLOSED', '--json'])

    expect([asJson.exit, JSON.parse(asJson.out)]).toEqual([0, [answer]])
    expect((await type(['findings', '--state', 'closed'])).out).toMatch(/ closed by adam +5 entitlements/)
  })

  it.each([
    ['a state', ['findings', '--state', 'opne'], /--state must be open or closed; did you mean open\?/],
    ['a word', ['findings', 'clos'], /unknown command 'clos'\n\(Did you mean close\?\)/],
    ['an id', ['findings', 'close', 'alice', '--comment', 'x'], /<id> must be the id of a finding: 26 letters/],
    ['a comment', ['findings', 'close', ID], /--comment must say what you found out/],
  ])('ANO-05 CLI-01 refuse %s that is mistyped or missing, and say what would work', async (_, line, answer) => {
    const { type, heard } = await house({})

    const { exit, err } = await type(line)

    expect([exit, heard]).toEqual([2, []])
    expect(err).toMatch(answer)
  })

  it('ANO-05 CLI-01 --help tells what else there is', async () => {
    const { type } = await house({})

    for (const help of ['--help', '-h'])
      expect((await type(['findings', help])).out).toMatch(/ close .+ a finding that/)
  })

  it('ANO-05 CLI-01 show tells what was seen, what to do and where to read more', async () => {
    const { type } = await house({ [`GET /findings/${ID}`]: [{ body: answerOf({ count: 25 }) }] })

    const { exit, out } = await type(['findings', 'show', ID.toLowerCase()])

    expect(exit).toBe(0)
    expect(out).toMatch(new RegExp(`^${ID} {2}open {2}Tries what they may not have\n`))
    expect(out).toMatch(/ about +alice \(Alice \w+\)\n/)
    expect(out).toMatch(/ holds +yes: its subject gets nothing further/)
    expect(out).toMatch(/ what to do +Ask the person what they were looking for/)
    expect(out).toMatch(/ learn more +docs\/findings\.md#ineligible-probing\n/)
    expect(out).toMatch(
      /2027-03-01T09:00:00Z {2}5 entitlements .* request 01MG08GPFT0000000000000001\n {2}and 24 in between\n$/,
    )
  })

  it('ANO-05 CLI-01 show names whom a finding points at too', async () => {
    const { type } = await house({ [`GET /findings/${ID}`]: [{ body: answerOf({ alsoAbout: ['bob', 'carol'] }) }] })

    expect((await type(['findings', 'show', ID])).out).toMatch(/ points at +bob, carol\n/)
  })

  it('ANO-05 CLI-01 show writes nothing into the terminal that moves its cursor', async () => {
    const latest = [{ at: new Date('2027-03-01T09:00:00Z'), detail: 'a \u001b[2Jb' }]
    const { type } = await house({ [`GET /findings/${ID}`]: [{ body: answerOf({ latest }) }] })

    expect((await type(['findings', 'show', ID])).out).not.toContain('\u001b')
  })

  it('ANO-05 CLI-01 close sends the comment and shows by whom it is closed', async () => {
    const { type, heard } = await house({ [`POST /findings/${ID}/close`]: [{ body: answerOf({ closed }) }] })

    const { exit, out } = await type(['findings', 'close', ID, '--comment', 'a new task'])

    expect([exit, heard[0]?.body]).toEqual([0, '{"comment":"a new task"}'])
    expect(out).toMatch(/ closed +by adam at 2027-03-01T11:00:00Z: a new task\n/)
    expect(out).not.toMatch(/what to do|holds/)
  })

  it('ANO-05 CLI-01 close tells why not, and what would pass, exit 1', async () => {
    const own = problem(403, 'own-finding', 'nobody closes a finding about themselves', 'the same call by another')
    const { type } = await house({ [`POST /findings/${ID}/close`]: [own] })

    const { exit, out, err } = await type(['findings', 'close', ID, '--comment', 'it was me'])

    expect([exit, out]).toEqual([1, ''])
    expect(err).toMatch(/^Refused \(own-finding\): nobody closes .*\n +would pass +the same call by another\n/)
  })
})
