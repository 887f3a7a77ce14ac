import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { eventRow } from '../../lambdas/contract/rows.ts'
import { type Ask, evaluate, type RefusalCode } from '../../lambdas/domain/evaluate.ts'
import { plusSeconds } from '../../lambdas/domain/instant.ts'
import type { LedgerEvent } from '../../lambdas/domain/ledger.ts'
import { begin, cancel, refuse } from '../../lambdas/domain/lifecycle.ts'
import { loadAccessFile } from '../../lib/access-file/load.ts'
import { asked } from '../support/a-request.ts'
import { LoopbackApi } from '../support/loopback-api.ts'
import { FILES, typed } from '../support/typed.ts'
import { writeLocalHouse } from '../support/write-local-house.ts'

const { access, hash } = loadAccessFile(`${FILES}/access.yaml`)
const BUCKET = { bucket: 'acme-orders-2026' }
const WHEN = new Date('2027-02-01T10:00:00Z')

/** The events of a request as it was judged by the access file of these tests. */
function history(requester: string, ask: Partial<Ask> = {}): readonly LedgerEvent[] {
  const whole = { entitlement: 'orders-read', parameters: BUCKET, durationSeconds: 1800, ...ask }
  const made = { ...asked({ requester, at: WHEN, accessHash: hash }), ask: whole }
  const judged = evaluate(access, requester, whole, WHEN)
  if (judged.outcome === 'refused') return [refuse(made, judged).event]
  const { to, event } = begin(made, judged, plusSeconds(made.at, 3600))
  return [event, cancel(to, requester, WHEN).event]
}

function refusedFor(code: RefusalCode): readonly LedgerEvent[] {
  const made = { ...asked({ requester: 'alice', at: WHEN }), ask: { entitlement: 'orders-read', parameters: BUCKET } }
  return [refuse(made, { outcome: 'refused', code, rule: 'freeze', detail: 'frozen', wouldPass: 'later' }).event]
}

/** As the archive keeps an event: its row without the keys of the table. */
function lineOf(event: LedgerEvent): string {
  const { pk: _pk, sk: _sk, kind: _kind, ...line } = eventRow(event)
  return JSON.stringify(line)
}

describe('lapse replay', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lapse-replay-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  const fileOf = (...histories: readonly (readonly LedgerEvent[])[]) => {
    const file = join(folder, 'events.jsonl')
    writeFileSync(file, `${histories.flat().map(lineOf).join('\n')}\n\n`)
    return file
  }
  const replayed = async (file: string, against = 'tighter.yaml', ...more: readonly string[]) => {
    const { exit, out, err } = await typed(['replay', '--against', against, '--from', file, '--json', ...more])
    return { exit, err, ...(out === '' ? {} : JSON.parse(out)) }
  }

  it('POL-02 shows who would now be refused and who would now pass, and counts them', async () => {
    const file = fileOf(history('bob'), history('victor'), history('carol'), refusedFor('frozen'), refusedFor('held'))

    const { exit, totals, changed } = await replayed(file)

    expect(exit).toBe(0)
    expect(totals).toEqual({ requests: 5, same: 1, nowRefused: 1, nowPass: 1, changed: 0, notComparable: 2 })
    expect(changed).toEqual([
      expect.objectContaining({
        outcome: 'now-refused',
        requester: 'bob',
        changes: [{ what: 'answer', before: 'passes', now: expect.stringMatching(/^not-eligible: no rule/) }],
      }),
      expect.objectContaining({
        outcome: 'now-passes',
        requester: 'victor',
        changes: [{ what: 'answer', before: 'not-eligible', now: 'passes by rule staff may read orders' }],
      }),
    ])
  })

  it('POL-02 shows limits and stages that changed for who still passes', async () => {
    const { totals, changed } = await replayed(fileOf(history('alice')))

    expect(totals).toMatchObject({ changed: 1, same: 0 })
    expect(changed[0].changes).toEqual([
      { what: 'limit', before: '4h', now: '1h' },
      { what: 'stages', before: 'data owners: 1 of bob, carol', now: 'data owners: 2 of carol, dana' },
    ])
  })

  it('POL-02 compares limits only where the file of the time is at hand', async () => {
    const { changed } = await replayed(fileOf(history('alice')), 'tighter.yaml', '--known', 'tighter.yaml')

    expect(changed[0].changes.map(({ what }: { what: string }) => what)).toEqual(['stages'])
  })

  it('POL-02 a request that is longer than the new limit would fail', async () => {
    const { changed } = await replayed(fileOf(history('alice', { durationSeconds: 7200 })))

    expect(changed[0]).toMatchObject({ outcome: 'now-refused', requester: 'alice' })
    expect(changed[0].changes[0].now).toMatch(/^duration-too-long: PT2H/)
  })

  it('POL-02 against the very file it was judged by nothing changes, and --expect-same ends with 0', async () => {
    const file = fileOf(history('alice'), history('bob'), history('victor'), history('carol'))

    const { exit, totals } = await replayed(file, 'access.yaml', '--expect-same')

    expect([exit, totals]).toEqual([
      0,
      { requests: 4, same: 4, nowRefused: 0, nowPass: 0, changed: 0, notComparable: 0 },
    ])
  })

  it('POL-02 CLI-01 --expect-same ends with 1 when anything changes', async () => {
    const file = fileOf(history('alice'))

    expect((await replayed(file, 'tighter.yaml', '--expect-same')).exit).toBe(1)
    expect((await replayed(file, 'tighter.yaml')).exit).toBe(0)
  })

  it('AUD-02 POL-02 refuses a line that is not what was written, by its number', async () => {
    const forged = lineOf(history('alice')[0] ?? never()).replace(
      '"bucket":"acme-orders-2026"',
      '"bucket":"acme-orders-1"',
    )
    const file = join(folder, 'events.jsonl')
    writeFileSync(file, `${lineOf(history('bob')[0] ?? never())}\n${forged}\n`)

    const { exit, err, totals } = await replayed(file)

    expect([exit, totals]).toEqual([2, undefined])
    expect(err).toMatch(/events\.jsonl:2: the event is not what was written/)
  })

  it.each([
    ['no JSON', '{"requestId":', /events\.jsonl:1: not a line of JSON/],
    ['no event', '{"requestId":"x"}', /events\.jsonl:1: not an event of the ledger/],
  ])('CLI-01 a line that is %s is refused with its number, exit 2', async (_, line, answer) => {
    const file = join(folder, 'events.jsonl')
    writeFileSync(file, line)

    const { exit, err } = await replayed(file)

    expect(exit).toBe(2)
    expect(err).toMatch(answer)
  })

  it.each([
    ['from nowhere', [], /--from or --from-api/],
    ['from two places', ['--from', 'a', '--from-api'], /--from or --from-api/],
    ['from a file that is not there', ['--from', 'no-such.jsonl'], /the events cannot be read: ENOENT/],
  ])('CLI-01 %s is wrong use', async (_, from, answer) => {
    const { exit, err } = await typed(['replay', '--against', 'tighter.yaml', ...from])

    expect(exit).toBe(2)
    expect(err).toMatch(answer)
  })

  it('POL-02 takes past requests from the API, page by page, as an auditor', async () => {
    const alice = history('alice')
    const victor = history('victor')
    const view = (events: readonly LedgerEvent[]) => viewOf(events[0] ?? never())
    const withEvents = (events: readonly LedgerEvent[]) => {
      const lines = events.map(event => JSON.parse(lineOf(event)))
      return { ...view(events), events: lines.map(({ requestId: _, ...rest }) => rest) }
    }
    const api = await LoopbackApi.start({
      'GET /requests?limit=100': [{ body: { requests: [view(alice)], cursor: 'next' } }],
      'GET /requests?limit=100&cursor=next': [{ body: { requests: [view(victor)] } }],
      [`GET /requests/${alice[0]?.requestId}`]: [{ body: withEvents(alice) }],
      [`GET /requests/${victor[0]?.requestId}`]: [{ body: withEvents(victor) }],
    })
    writeLocalHouse(folder, api.url, ['dana'])

    const { exit, out } = await typed(
      ['replay', '--against', join(FILES, 'tighter.yaml'), '--from-api', '--as', 'dana'],
      { folder },
    )
    await api.stop()

    expect(exit).toBe(0)
    expect(out).toMatch(/victor +orders-read +2027-02-01T10:00:00Z +now passes/)
    expect(out).toMatch(/2 requests: 0 the same, 0 now refused, 1 now pass, 1 otherwise changed\n/)
  })
})

function never(): never {
  throw new Error('a history has a first event')
}

function viewOf({ requestId, at, details }: LedgerEvent) {
  return {
    requestId,
    status: 'CANCELLED',
    requester: 'alice',
    entitlement: 'orders-read',
    parameters: BUCKET,
    duration: 'PT30M',
    reason: 'why',
    rule: details.rule,
    accessHash: hash,
    askedAt: at.toISOString().replace('.000', ''),
    stages: [],
    decisions: [],
  }
}
