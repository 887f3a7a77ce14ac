import { describe, expect, it } from '@jest/globals'
import { findingRow, readFinding, readTrackRecord, trackRecordRow } from '../../lambdas/contract/finding-row.ts'
import { StoredShapeError } from '../../lambdas/domain/errors.ts'
import { aRecord } from '../adapters/finding-contract.ts'
import { aFinding } from '../support/a-finding.ts'

/** What is left of a value after it was JSON, as DynamoDB leaves it. */
const stored = (row: object): Record<string, unknown> => JSON.parse(JSON.stringify(row))
const closed = { by: 'adam', at: new Date('2027-03-02T09:00:00Z'), comment: 'spoken with her' }

describe('the row of a finding', () => {
  it('ANO-05 is in the index of open ones until it is closed, and in that of its month for ever', () => {
    const open = stored(findingRow(aFinding()))
    const after = stored(findingRow(aFinding({ closed })))

    expect(open).toMatchObject({ open: 'FINDINGS', month: 'FINDINGS#2027-03', kind: 'finding' })
    expect(after).toMatchObject({ month: 'FINDINGS#2027-03', closed: { at: '2027-03-02T09:00:00Z' } })
    expect(after).not.toHaveProperty('open')
    expect(readFinding(after)).toEqual(aFinding({ closed }))
  })

  it.each([
    ['a rule nobody knows', { rule: 'horoscope' }, 'rule'],
    ['an instant that is none', { openedAt: 'yesterday' }, 'openedAt'],
    ['no count', { count: undefined }, 'count'],
    ['a closing without a comment', { closed: { by: 'adam', at: '2027-03-02T09:00:00Z' } }, 'closed.comment'],
  ])('ANO-05 with %s is refused, and the error names the row and the member', (_, change, member) => {
    const row = stored({ ...findingRow(aFinding()), ...change })

    expect(() => readFinding(row)).toThrow(StoredShapeError)
    expect(() => readFinding(row)).toThrow(`FINDING#${aFinding().id} FINDING (${member})`)
  })
})

describe('the row of what is known of somebody', () => {
  it('ANO-03 is in no index, whatever is open', () => {
    const row = stored(trackRecordRow(aRecord({ open: [{ id: aFinding().id, rule: 'drift', holds: true }] })))

    for (const attribute of ['open', 'month', 'requester', 'id']) expect(row).not.toHaveProperty(attribute)
    expect(row).toMatchObject({ kind: 'track-record', version: 1, openFindings: [{ holds: true }] })
  })

  it.each([
    ['no list', { asks: 'none' }, 'asks'],
    ['no version', { version: undefined }, 'version'],
    ['an entitlement last had at no instant', { had: { 'logs-read': 'once' } }, 'had.logs-read'],
    [
      'an open finding that does not say whether it holds',
      { openFindings: [{ id: 'x', rule: 'drift' }] },
      'openFindings.0.holds',
    ],
  ])('ANO-03 with %s is refused, and the error names the row and the member', (_, change, member) => {
    const row = stored({ ...trackRecordRow(aRecord({ subject: 'alice' })), ...change })

    expect(() => readTrackRecord('alice', row)).toThrow(`WATCH#alice WATCH (${member})`)
  })
})
