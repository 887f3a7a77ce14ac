import { describe, expect, it } from '@jest/globals'
import type { Fences } from '../../lambdas/domain/access-file.ts'
import { fenceConditions } from '../../lambdas/domain/fence-conditions.ts'
import { decisionPage } from '../../lambdas/pages/decision-page.ts'
import { fenceWords } from '../../lambdas/pages/request-facts.ts'
import { aboutRequest, decisionView } from '../support/page-samples.ts'

/** The sample request with these fences on every statement. */
function withFences(fences: Fences) {
  const conditions = fenceConditions(fences)
  return aboutRequest.statements.map(statement => ({ ...statement, conditions }))
}

describe('the words about the fence', () => {
  it('GRA-04 say every optional fence in plain words, before those about time and person', () => {
    const fences: Fences = {
      mfa: true,
      sourceIps: ['203.0.113.0/24', '198.51.100.7'],
      regions: ['eu-central-1'],
      principalTags: { team: 'orders' },
    }

    const words = fenceWords({ ...aboutRequest, statements: withFences(fences) })

    expect(words).toMatch(
      /^The conditions above hold for every call: it needs a session begun with MFA; to come from the address 203\.0\.113\.0\/24 or 198\.51\.100\.7; to go to the region eu-central-1; the IAM user to be tagged team = orders\. On approval Lapse adds two conditions/,
    )
  })

  it('GRA-04 say nothing of a condition that only one statement has, or that has no plain meaning', () => {
    const [first, ...others] = withFences({ mfa: true })
    const other = others.map(({ actions, resources }) => ({ actions, resources }))
    const own = aboutRequest.statements.map(each => ({ ...each, conditions: { StringLike: { 's3:prefix': 'a*' } } }))

    expect(first).toBeDefined()
    for (const statements of [aboutRequest.statements, first ? [first, ...other] : [], own, []]) {
      expect(fenceWords({ ...aboutRequest, statements })).toMatch(/^On approval/)
    }
  })

  it('GRA-04 stand on the page an approver decides on, with the conditions themselves', () => {
    const page = decisionPage({ ...decisionView, statements: withFences({ mfa: true, regions: ['eu-central-1'] }) })

    expect(page).toContain('it needs a session begun with MFA; to go to the region eu-central-1.')
    expect(page).toContain('aws:MultiFactorAuthPresent')
  })
})
