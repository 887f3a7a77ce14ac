import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { askedStages, standInsOf } from '../../lambdas/domain/asked-stages.ts'
import { ASKED_AT } from '../support/a-request.ts'
import { anAccessFile, anEntitlement, aStage, CAST } from '../support/an-access-file.ts'

const HOLIDAYS = { from: '2027-02-28T23:00:00Z', until: '2027-03-03T23:00:00Z', because: 'holidays' }
const entitlement = anEntitlement({
  stages: [aStage({ approvers: ['bob', 'carol'], quorum: 1, escalateTo: ['dave'] })],
})
const request = { requester: 'alice', entitlement: entitlement.id, askedAt: ASKED_AT }

describe('who answers in whose place', () => {
  it('APP-06 is named with until when and why, for approvers and for those a stage escalates to', () => {
    const delegations = [
      { of: 'carol', to: 'erin', ...HOLIDAYS },
      { of: 'dave', to: 'adam', ...HOLIDAYS },
    ]
    const access = anAccessFile({ delegations, entitlements: [entitlement] })

    const until = HOLIDAYS.until
    expect(standInsOf(access, request, 'owner')).toEqual([
      { approver: 'erin', inPlaceOf: 'carol', until, because: 'holidays' },
      { approver: 'adam', inPlaceOf: 'dave', until, because: 'holidays' },
    ])
    expect(standInsOf(access, request, 'another stage')).toEqual([])
  })

  it('APP-06 is judged by when it was asked, not by when it is read', () => {
    const delegations = [{ of: 'carol', to: 'erin', ...HOLIDAYS }]
    const access = anAccessFile({ delegations, entitlements: [entitlement] })

    expect(standInsOf(access, { ...request, askedAt: new Date(HOLIDAYS.until) }, 'owner')).toEqual([])
  })

  it('APP-05 whatever is delegated to whom, in circles too, the requester is never asked, and every stand-in is', () => {
    const $person = fc.constantFrom(...CAST)
    const $delegations = fc.array(fc.record({ of: $person, to: $person }), { maxLength: 10 })
    fc.assert(
      fc.property($delegations, $person, (pairs, requester) => {
        const delegations = pairs.map(pair => ({ ...pair, ...HOLIDAYS }))
        const access = anAccessFile({ delegations, entitlements: [entitlement] })
        const stages = askedStages(access, requester, entitlement, ASKED_AT)
        const asked = stages.flatMap(({ approvers, escalateTo = [] }) => [...approvers, ...escalateTo])
        const standIns = standInsOf(access, { ...request, requester }, 'owner')

        expect(asked).not.toContain(requester)
        for (const { approver, inPlaceOf } of standIns) {
          expect(asked).toContain(approver)
          expect(approver).not.toBe(inPlaceOf)
          expect(pairs.some(({ of }) => of === inPlaceOf)).toBe(true)
        }
      }),
    )
  })
})
