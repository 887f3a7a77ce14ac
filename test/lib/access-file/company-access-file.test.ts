import { fileURLToPath } from 'node:url'
import { describe, expect, it } from '@jest/globals'
import { personOfPrincipal } from '../../../lambdas/domain/access-file.ts'
import { eligibleEntitlements, evaluate } from '../../../lambdas/domain/evaluate.ts'
import type { Use } from '../../../lambdas/domain/uses.ts'
import { loadAccessFile } from '../../../lib/access-file/load.ts'

const { access } = loadAccessFile(fileURLToPath(new URL('../../e2e/company/access.yaml', import.meta.url)))
/** A Monday, 11:00 in Berlin. */
const DAY = new Date('2027-03-01T10:00:00Z')
/** The night after it, 02:00: the night shift works. */
const NIGHT = new Date('2027-03-02T01:00:00Z')
/** Saturday, 23:00: nobody works. */
const WEEKEND = new Date('2027-03-06T22:00:00Z')
const MONTH = { month: '2026-11' }

const said = (who: string, entitlement: string, at = DAY, more = {}, uses: readonly Use[] = []) =>
  evaluate(access, who, { entitlement, parameters: {}, ...more }, at, { uses })

function uses(count: number, of: Pick<Use, 'entitlement' | 'how' | 'seconds'>): readonly Use[] {
  return Array.from({ length: count }, (_, index) => ({ ...of, requestId: `R${index}`, at: DAY, isOpen: false }))
}

describe('a company of two teams', () => {
  it.each([
    { who: 'petra', may: ['dashboards-read', 'payments-read', 'ledger-rewrite', 'robots-stop'] },
    { who: 'paul', may: ['dashboards-read', 'payments-read', 'ledger-rewrite', 'robots-stop'] },
    { who: 'pia', may: ['dashboards-read', 'payments-read', 'ledger-rewrite'] },
    { who: 'willem', may: ['dashboards-read', 'shelves-write', 'robots-stop'] },
    { who: 'wanda', may: ['dashboards-read', 'shelves-write', 'robots-stop'] },
    { who: 'viktor', may: ['dashboards-read', 'shelves-write'] },
    { who: 'nina', may: ['dashboards-read', 'payments-read', 'robots-stop'] },
    { who: 'noah', may: ['dashboards-read', 'payments-read'] },
    { who: 'sara', may: [] },
    { who: 'greta', may: [] },
    { who: 'ada', may: [] },
  ])('REQ-08 is open to $who: $may', ({ who, may }) => {
    expect(eligibleEntitlements(access, who, DAY).map(({ entitlement }) => entitlement.id)).toEqual(may)
  })

  it('APP-05 knows the contractor by both accounts, and never asks him about himself', () => {
    const persons = ['user/contractors/viktor', 'user/people/voss'].map(
      path => personOfPrincipal(access, `arn:aws:iam::111122223333:${path}`)?.id,
    )

    expect(persons).toEqual(['viktor', 'viktor'])
    expect(said('viktor', 'shelves-write')).toMatchObject({
      stages: [{ approvers: ['willem', 'wanda', 'greta'], quorum: 2 }],
    })
    expect(said('wanda', 'shelves-write')).toMatchObject({ stages: [{ approvers: ['willem', 'viktor', 'greta'] }] })
  })

  it('REQ-02 keeps the contractor out by his path, also of what is an emergency', () => {
    expect(said('viktor', 'payments-read', DAY, { parameters: MONTH })).toMatchObject({
      rule: 'contractors see no payments',
    })
    expect(said('viktor', 'robots-stop', DAY, { isBreakGlass: true })).toMatchObject({
      rule: 'contractors stop nothing',
    })
  })

  it('APP-05 asks three stages for the most dangerous, the requester and the one on loan in none of them', () => {
    expect(said('petra', 'ledger-rewrite')).toMatchObject({
      stages: [
        { approvers: ['paul', 'pia'], quorum: 1 },
        { approvers: ['willem', 'wanda'], quorum: 1 },
        { approvers: ['sara', 'sven'], quorum: 2 },
      ],
    })
    expect(access.entitlements['ledger-rewrite']?.assurance).toBe('signed')
  })

  it('APP-06 asks the stand-in from the first second of a delegation to its last', () => {
    const security = (at: string) => {
      const evaluation = said('paul', 'ledger-rewrite', new Date(at))
      return evaluation.outcome === 'allowed' ? evaluation.stages[2]?.approvers : evaluation.code
    }

    expect(security('2027-07-04T21:59:59Z')).toEqual(['sara', 'sven'])
    expect(security('2027-07-04T22:00:00Z')).toEqual(['sara', 'ada'])
    expect(security('2027-07-23T21:59:59Z')).toEqual(['sara', 'ada'])
    expect(security('2027-07-23T22:00:00Z')).toEqual(['sara', 'sven'])
  })

  it('APP-07 approves the night shift by rule while it works, over midnight too, and nobody at the weekend', () => {
    const short = { parameters: MONTH, durationSeconds: 900 }

    expect(said('noah', 'payments-read', NIGHT, short)).toMatchObject({ automatic: 'the night shift does not wait' })
    expect(said('noah', 'payments-read', WEEKEND, short)).not.toHaveProperty('automatic')
    expect(said('noah', 'payments-read', NIGHT, { ...short, durationSeconds: 901 })).not.toHaveProperty('automatic')
    expect(said('pia', 'payments-read', NIGHT, short)).not.toHaveProperty('automatic')
  })

  it('APP-07 asks a lead from the fourth look of a week on, and refuses the sixth by the cap', () => {
    const had = { entitlement: 'dashboards-read', how: 'automatic', seconds: 1800 } as const

    expect(said('pia', 'dashboards-read', DAY, {}, uses(2, had))).toMatchObject({ automatic: 'short looks' })
    expect(said('pia', 'dashboards-read', DAY, {}, uses(3, had))).not.toHaveProperty('automatic')
    expect(said('pia', 'dashboards-read', DAY, {}, uses(4, had))).toMatchObject({
      outcome: 'allowed',
      stages: [{ approvers: ['petra', 'willem', 'wanda'] }],
    })
    expect(said('pia', 'dashboards-read', DAY, {}, uses(5, had))).toMatchObject({ code: 'cap-reached' })
  })

  it('APP-11 lets who is on call stop the robots at once, for half an hour, with security to review it', () => {
    const emergency = { isBreakGlass: true }

    for (const who of ['paul', 'nina', 'wanda']) {
      expect(said(who, 'robots-stop', WEEKEND, emergency)).toMatchObject({
        outcome: 'allowed',
        maximumSeconds: 1800,
        emergency: { reviewers: ['sara', 'sven'] },
      })
    }
    expect(said('noah', 'robots-stop', WEEKEND, emergency)).toMatchObject({ code: 'not-eligible' })
    expect(said('nina', 'robots-stop', WEEKEND)).toMatchObject({ code: 'not-eligible' })
  })
})
