import { describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import { synthesized } from '../../support/synthesized.ts'

const $visibility = z.object({ CloudWatchMetricsEnabled: z.boolean(), SampledRequestsEnabled: z.boolean() })
const $rate = z.object({
  AggregateKeyType: z.string(),
  Limit: z.number(),
  EvaluationWindowSec: z.number(),
  ScopeDownStatement: z
    .object({ ByteMatchStatement: z.object({ SearchString: z.string(), PositionalConstraint: z.string() }) })
    .optional(),
})
const $group = z.object({
  Name: z.string(),
  RuleActionOverrides: z.array(z.object({ Name: z.string(), ActionToUse: z.object({ Count: z.object({}) }) })),
})
const $rule = z.object({
  Name: z.string(),
  Priority: z.number(),
  Action: z.object({ Block: z.object({}) }).optional(),
  OverrideAction: z.object({ None: z.object({}) }).optional(),
  Statement: z.object({ RateBasedStatement: $rate.optional(), ManagedRuleGroupStatement: $group.optional() }),
  VisibilityConfig: $visibility,
})
const $acl = z.object({
  Scope: z.literal('REGIONAL'),
  DefaultAction: z.object({ Allow: z.object({}) }),
  Rules: z.array($rule),
  VisibilityConfig: $visibility,
})

const { resources } = synthesized()
const only = (type: string) => {
  const [resource, ...others] = resources.filter(found => found.type === type)
  expect(others).toEqual([])
  return resource?.properties ?? {}
}
const acl = $acl.parse(only('AWS::WAFv2::WebACL'))
const rates = acl.Rules.flatMap(({ Statement }) => Statement.RateBasedStatement ?? [])

describe('the firewall', () => {
  it('APP-01 stands before the one stage', () => {
    const { ResourceArn, WebACLArn } = only('AWS::WAFv2::WebACLAssociation')

    expect(ResourceArn).toMatch(/^arn:aws:apigateway:eu-west-1::\/restapis\/Lapse-Api[^/]*\/stages\/.+$/)
    expect(WebACLArn).toMatch(/:regional\/webacl\//)
  })

  it('APP-01 blocks an address after a hundred calls of links in five minutes, and after more of anything', () => {
    const [links, all] = rates

    expect(links).toEqual({
      AggregateKeyType: 'IP',
      Limit: 100,
      EvaluationWindowSec: 300,
      ScopeDownStatement: { ByteMatchStatement: { SearchString: '/decide/', PositionalConstraint: 'CONTAINS' } },
    })
    expect(all).toEqual({ AggregateKeyType: 'IP', Limit: 2000, EvaluationWindowSec: 300 })
    expect(rates).toHaveLength(2)
    expect(acl.Rules.filter(({ Statement }) => Statement.RateBasedStatement).every(({ Action }) => Action?.Block)).toBe(
      true,
    )
  })

  it('REQ-01 takes the common rules of AWS, and only counts those that would judge the words of a reason', () => {
    const [common, ...others] = acl.Rules.flatMap(({ Statement }) => Statement.ManagedRuleGroupStatement ?? [])

    expect([common?.Name, others]).toEqual(['AWSManagedRulesCommonRuleSet', []])
    expect(common?.RuleActionOverrides.map(({ Name }) => Name).filter(name => !name.endsWith('_BODY'))).toEqual([])
  })

  it('AUD-07 keeps no sample of any request: redaction does not reach samples', () => {
    const all = [acl.VisibilityConfig, ...acl.Rules.map(({ VisibilityConfig }) => VisibilityConfig)]

    expect(all.filter(({ SampledRequestsEnabled }) => SampledRequestsEnabled)).toEqual([])
    expect(all.filter(({ CloudWatchMetricsEnabled }) => !CloudWatchMetricsEnabled)).toEqual([])
  })

  it('AUD-07 logs what it stopped without the path, whose token is a credential', () => {
    const logs = resources.find(({ path }) => path === 'Firewall/Logs')
    const { LogDestinationConfigs, RedactedFields, LoggingFilter } = only('AWS::WAFv2::LoggingConfiguration')

    expect(RedactedFields).toEqual(
      expect.arrayContaining([{ UriPath: {} }, { QueryString: {} }, { SingleHeader: { Name: 'referer' } }]),
    )
    expect(LogDestinationConfigs).toEqual([`arn:aws:logs:eu-west-1:111122223333:log-group:Lapse-${logs?.id}`])
    expect(logs?.properties.LogGroupName).toMatch(/^aws-waf-logs-lapse-./)
    expect(LoggingFilter).toMatchObject({ DefaultBehavior: 'DROP' })
  })
})
