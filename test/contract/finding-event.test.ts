import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import {
  $FindingEvent,
  FINDING_OPENED,
  findingEvent,
  findingEventJsonSchema,
} from '../../lambdas/contract/finding-event.ts'
import { LATEST_KEPT } from '../../lambdas/domain/findings/finding.ts'
import { aFinding } from '../support/a-finding.ts'

const API_URL = 'https://lapse.example.com'

describe('a finding on the bus', () => {
  it('ANO-05 fits its schema and says which rule, whose, and where the rest is', () => {
    const { id, latest } = aFinding()

    const detail = findingEvent(aFinding(), 'alice', API_URL)

    expect($FindingEvent.parse(detail)).toEqual(detail)
    expect(detail).toEqual({
      version: 1,
      id,
      type: 'finding-opened',
      at: '2027-03-01T09:00:00Z',
      rule: 'ineligible-probing',
      person: 'alice',
      holds: true,
      requestId: latest[0]?.requestId,
      links: { finding: `${API_URL}/findings/${id}` },
    })
  })

  it('ANO-05 is the same when it is told again after more was found', () => {
    const finding = aFinding()
    const more = {
      at: new Date('2027-03-02T09:00:00Z'),
      detail: 'again',
      requestId: '01MG08GPFT0000000000000002',
      sequence: 1,
    }
    const later = { ...finding, count: 2, latest: [...finding.latest, more] }

    expect(findingEvent(later, 'alice', API_URL)).toEqual(findingEvent(finding, 'alice', API_URL))
    const long = { ...finding, count: LATEST_KEPT + 1, latest: Array.from({ length: LATEST_KEPT }, () => more) }
    expect(findingEvent(long, 'alice', API_URL)).not.toHaveProperty('requestId')
  })

  it('AUD-07 has no ARN and no sentence of what was found, which may name anything', () => {
    const subject = 'arn:aws:iam::111122223333:policy/lapse/grant/20270301T110000Z/01MG08GPFT0000000000000001'
    const latest = [{ at: new Date('2027-03-01T09:00:00Z'), detail: `DetachUserPolicy on alice with ${subject}` }]

    const detail = findingEvent(aFinding({ subject, latest, rule: 'outside-change' }), undefined, API_URL)

    expect(detail).not.toHaveProperty('person')
    expect(JSON.stringify(detail)).not.toMatch(/arn:|alice|DetachUserPolicy/)
  })

  it('ANO-05 is described by docs/finding-event.schema.json and docs/events.md as it is', () => {
    const page = readFileSync('docs/events.md', 'utf8')

    expect(readFileSync('docs/finding-event.schema.json', 'utf8')).toBe(findingEventJsonSchema())
    for (const field of Object.keys($FindingEvent.shape)) expect(page).toContain(`| \`${field}\``)
    expect(page).toContain(FINDING_OPENED)
  })
})
