import type { FindingRule } from '../../lambdas/domain/findings/finding.ts'
import { plusSeconds } from '../../lambdas/domain/instant.ts'
import { localTime, type Organisation } from './calm-quarter.ts'
import type { Errand } from './errand.ts'

/** Somebody who does what a rule is there to find. */
export interface Planted {
  readonly rule: FindingRule
  readonly subject: string
  readonly errands: readonly Errand[]
}

const DAY = 86_400_000
/** A Tuesday in the third month of the calm quarter. */
const TUESDAY = Date.UTC(2027, 2, 2)
const BERLIN = 'Europe/Berlin'

/** One behaviour for each rule that judges events, each of another person, among the calm ones. */
export function planted({ teams }: Organisation): readonly Planted[] {
  const foreign = teams.slice(5, 11).map(({ entitlements }) => entitlements[0] ?? '')
  const days = (count: number) => Array.from({ length: count }, (_, index) => index)
  return [
    of(
      'request-spike',
      'person-0-9',
      days(60).map(each => errand(0, 9, { at: at(0, 9 + each / 10) })),
    ),
    of('first-time', 'person-1-8', [...known(1, 8), errand(1, 8, { entitlement: 'team-1-admin' })]),
    of('off-hours', 'person-2-9', [...known(2, 9), errand(2, 9, { at: at(0, 3) })]),
    of(
      'repeated-denial',
      'person-3-9',
      days(6).map(each => errand(3, 9, { at: at(each / 2), becomes: 'denied' })),
    ),
    of(
      'ineligible-probing',
      'person-4-9',
      foreign.map((entitlement, each) =>
        errand(4, 9, { entitlement, at: at(0, 10 + each / 10), becomes: 'not-eligible' }),
      ),
    ),
    of(
      'unused-grant',
      'person-5-9',
      days(12).map(each => errand(5, 9, { entitlement: 'wiki-admin', at: at(0, 9 + each / 2), isUnused: true })),
    ),
    of('serial-extension', 'person-6-9', [errand(6, 9, { seconds: 3600, extensions: 4 })]),
    of(
      'long-lived',
      'person-7-9',
      days(30).map(each => errand(7, 9, { entitlement: 'team-7-deploy', at: at(each - 30) })),
    ),
    of(
      'quick-decisions',
      'person-4-0',
      days(14).map(each => errand(4, 8, { at: at(0, 9 + each / 2), approver: 'person-4-0', answeredAfterSeconds: 4 })),
    ),
    of(
      'always-approves',
      'person-8-9',
      days(120).map(each => errand(5, each % 7, { at: at(0, 8 + each / 14), approver: 'person-8-9' })),
    ),
    of(
      'bulk-decisions',
      'person-6-0',
      days(10).map(each =>
        errand(6, 8, {
          at: at(0, 9 + each / 10),
          approver: 'person-6-0',
          answeredAfterSeconds: 7200 - each * 360 + each * 10,
        }),
      ),
    ),
    of(
      'same-pair',
      'person-7-2',
      days(130).map(each => errand(7, 8, { at: at(0, 8 + each / 14), approver: 'person-7-2' })),
    ),
    of('one-place', 'person-0-1', [
      errand(0, 8, { from: '192.0.2.77', answeredFrom: '192.0.2.77', approver: 'person-0-1' }),
    ]),
    of('outside-window', 'person-1-9', [errand(1, 9, { violations: 2 })]),
    of('drift', 'person-2-8', [errand(2, 8, { hasDrift: true })]),
    of('drift', 'person-3-8', [errand(3, 8, { endsOutside: true })]),
  ]
}

function of(rule: FindingRule, subject: string, errands: readonly Errand[]): Planted {
  return { rule, subject, errands }
}

/** Enough of the usual to know a person by, on working days of the week before. */
function known(team: number, person: number): readonly Errand[] {
  const days = [-7, -6, -5, -4, -1]
  return days.flatMap(day => [9, 10, 11, 13, 14].map(hour => errand(team, person, { at: at(day, hour) })))
}

function errand(team: number, person: number, planned: Partial<Errand>): Errand {
  return {
    requester: `person-${team}-${person}`,
    entitlement: `team-${team}-logs`,
    at: at(0),
    seconds: 1800,
    from: '203.0.113.1',
    becomes: 'granted',
    approver: `person-${team}-1`,
    answeredAfterSeconds: 200,
    answeredFrom: '203.0.113.2',
    ...planned,
  }
}

function at(day: number, hour = 10): Date {
  return plusSeconds(localTime(TUESDAY + Math.floor(day) * DAY, hour, BERLIN), (day % 1) * 3600)
}
