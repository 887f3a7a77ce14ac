import { describe, expect, it } from '@jest/globals'
import { ulid } from 'ulid'
import type { FindingChange, FindingStore } from '../../lambdas/application/ports/finding-store.ts'
import type { Finding } from '../../lambdas/domain/findings/finding.ts'
import type { TrackRecord } from '../../lambdas/domain/findings/track-record.ts'
import { plusSeconds, wholeSeconds } from '../../lambdas/domain/instant.ts'
import { chance } from '../support/an-access-file.ts'

const DAY = 86_400
/** Closed findings are listed from the month of the real clock backwards. */
const NOW = wholeSeconds(new Date())
const aSubject = () => `${chance.word()}-${chance.text('0123456789', 8)}`

export function aFinding(overrides: Partial<Finding> = {}): Finding {
  const { openedAt = NOW } = overrides
  return {
    id: ulid(openedAt.getTime()),
    rule: 'repeated-denial',
    subject: aSubject(),
    openedAt,
    count: 1,
    latest: [
      { at: openedAt, detail: 'denied 3 times in 7 days', requestId: '01JZXAMPLE0000000000000000', sequence: 4 },
    ],
    holds: false,
    ...overrides,
  }
}

export function aRecord(overrides: Partial<TrackRecord> = {}): TrackRecord {
  return { subject: aSubject(), version: 0, asks: [], decisions: [], had: {}, open: [], ...overrides }
}

const nothing: FindingChange = { records: [], opened: [], changed: [] }
const closedBy = (by: string) => ({ by, at: NOW, comment: 'spoken with them' })

/** What every keeper of findings must do; run against the fake and against DynamoDB. */
export function findingContract(name: string, findings: () => FindingStore): void {
  const opened = async (finding: Finding) => {
    expect(await findings().write({ ...nothing, opened: [finding] })).toBe('written')
    return finding
  }
  const listed = async (state: 'open' | 'closed', limit: number) => {
    const ids: string[] = []
    for (let after: string | undefined; ; ) {
      const page = await findings().list({ state, limit, after })
      expect(page.findings.length).toBeLessThanOrEqual(limit)
      ids.push(...page.findings.map(({ id }) => id))
      if (page.next === undefined) return ids
      after = page.next
    }
  }

  describe(`${name}: findings`, () => {
    it('ANO-03 a record is read as it was written, a version on, and nothing is known of whom nobody wrote of', async () => {
      const record = aRecord({
        since: plusSeconds(NOW, -90 * DAY),
        deniedAt: plusSeconds(NOW, -7 * DAY),
        asks: [
          {
            requestId: '01JZXAMPLE0000000000000000',
            sequence: 7,
            at: NOW,
            entitlement: 'logs-read',
            outcome: 'refused',
            code: 'not-eligible',
            seconds: 3600,
            extends: '01JZXAMPLE0000000000000001',
            from: '192.0.2.7',
            startedAt: NOW,
            approvedBy: ['bob', 'carol'],
            isUnused: false,
          },
        ],
        decisions: [
          {
            requestId: '01JZXAMPLE0000000000000002',
            sequence: 3,
            at: NOW,
            requester: 'bob',
            entitlement: 'logs-read',
            decision: 'deny',
            afterSeconds: 9,
            from: '2001:db8:0:7::/64',
          },
        ],
        had: { 'logs-read': plusSeconds(NOW, -DAY) },
        offHours: [plusSeconds(NOW, -DAY), NOW],
        open: [{ id: ulid(), rule: 'drift', holds: true }],
      })
      expect(await findings().record(record.subject)).toEqual(aRecord({ subject: record.subject }))

      await findings().write({ ...nothing, records: [record] })

      expect(await findings().record(record.subject)).toEqual({ ...record, version: 1 })
    })

    it('ANO-03 a subject may be the ARN of a principal', async () => {
      const subject = `arn:aws:iam::111122223333:role/lapse/${aSubject()}`
      await findings().write({ ...nothing, records: [aRecord({ subject })] })

      expect(await findings().record(subject)).toMatchObject({ subject, version: 1 })
    })

    it('ANO-03 of writes of one version of a record one is written, the first of all and any later', async () => {
      const record = aRecord()
      for (const version of [0, 1]) {
        const outcomes = await Promise.all(
          ['a', 'b', 'c'].map(id =>
            findings().write({ ...nothing, records: [{ ...record, version, had: { [id]: NOW } }] }),
          ),
        )
        expect(outcomes.filter(outcome => outcome === 'written')).toHaveLength(1)
      }
      expect(await findings().write({ ...nothing, records: [{ ...record, version: 1 }] })).toBe('stale')
      expect(await findings().write({ ...nothing, records: [{ ...record, version: 3 }] })).toBe('stale')
    })

    it('ANO-05 a finding is read as it was written, open and closed, and an unknown one is not there', async () => {
      const finding = await opened(aFinding({ holds: true }))
      expect(await findings().find(finding.id)).toEqual(finding)

      const closed = { ...finding, closed: closedBy('root') }
      expect(await findings().write({ ...nothing, changed: [{ from: finding, to: closed }] })).toBe('written')

      expect(await findings().find(finding.id)).toEqual(closed)
      expect(await findings().find(ulid())).toBeUndefined()
    })

    it('ANO-05 records and findings are written all or not at all', async () => {
      const [asker, decider] = [aRecord(), aRecord()]
      await findings().write({ ...nothing, records: [decider] })
      const finding = aFinding()

      expect(await findings().write({ ...nothing, records: [asker, decider], opened: [finding] })).toBe('stale')

      expect((await findings().record(asker.subject)).version).toBe(0)
      expect(await findings().find(finding.id)).toBeUndefined()
    })

    it('ANO-05 a finding is opened once', async () => {
      const finding = await opened(aFinding())

      expect(await findings().write({ ...nothing, opened: [{ ...finding, count: 5 }] })).toBe('stale')

      expect(await findings().find(finding.id)).toEqual(finding)
    })

    it('ANO-05 of an occurrence and a closing at the same moment one is written, and the other is stale', async () => {
      const finding = await opened(aFinding())
      const again = { ...finding, count: 2 }
      const closed = { ...finding, closed: closedBy('root') }

      const outcomes = await Promise.all(
        [again, closed].map(to => findings().write({ ...nothing, changed: [{ from: finding, to }] })),
      )

      expect([...outcomes].sort()).toEqual(['stale', 'written'])
      expect(await findings().find(finding.id)).toEqual(outcomes[0] === 'written' ? again : closed)
    })

    it('ANO-05 what is closed is changed no more', async () => {
      const finding = await opened(aFinding())
      const closed = { ...finding, closed: closedBy('root') }
      await findings().write({ ...nothing, changed: [{ from: finding, to: closed }] })

      expect(await findings().write({ ...nothing, changed: [{ from: closed, to: finding }] })).toBe('stale')
      expect(await findings().write({ ...nothing, changed: [{ from: finding, to: finding }] })).toBe('stale')

      expect(await findings().find(finding.id)).toEqual(closed)
    })

    it('ANO-05 open findings are listed newest first, however old, and closed ones apart, across months', async () => {
      const made: Finding[] = []
      for (const days of [200, 62, 31, 1, 0])
        made.push(await opened(aFinding({ openedAt: plusSeconds(NOW, -days * DAY) })))
      const shut = made.filter((_, place) => place % 2 === 0)
      for (const from of shut) {
        await findings().write({ ...nothing, changed: [{ from, to: { ...from, closed: closedBy('root') } }] })
      }
      const ours = new Set(made.map(({ id }) => id))
      const newestFirst = (some: readonly Finding[]) =>
        some
          .map(({ id }) => id)
          .sort()
          .reverse()

      for (const limit of [1, 2, 100]) {
        const open = (await listed('open', limit)).filter(id => ours.has(id))
        expect(open).toEqual(newestFirst(made.filter(finding => !shut.includes(finding))))
        const closed = (await listed('closed', limit)).filter(id => ours.has(id))
        expect(closed).toEqual(newestFirst(shut))
      }
    })

    it('ANO-05 a closed finding of many years ago is listed to who asks for findings since then', async () => {
      const openedAt = plusSeconds(NOW, -4 * 366 * DAY)
      const from = await opened(aFinding({ openedAt }))
      await findings().write({ ...nothing, changed: [{ from, to: { ...from, closed: closedBy('root') } }] })
      const isListed = async (since?: Date) => {
        for (let after: string | undefined; ; ) {
          const page = await findings().list({ state: 'closed', limit: 100, after, since })
          if (page.findings.some(({ id }) => id === from.id)) return true
          if (page.next === undefined) return false
          after = page.next
        }
      }

      expect([await isListed(openedAt), await isListed(plusSeconds(openedAt, 40 * DAY)), await isListed()]).toEqual([
        true,
        false,
        false,
      ])
    })

    it('ANO-05 a list goes on after a finding that is there, and after no other', async () => {
      await expect(findings().list({ state: 'open', limit: 1, after: ulid() })).rejects.toThrow('there is no finding')
    })
  })
}
