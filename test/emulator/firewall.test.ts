import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type BareEmulator, startBareEmulator } from '../support/bare-emulator.ts'
import { createStack } from '../support/cloudformation-stack.ts'

const WAF = 'AWSWAF_20190729'
const STAGE = 'arn:aws:apigateway:us-east-1::/restapis/lapse/stages/v1'
const acl = { 'Fn::GetAtt': ['Acl', 'Arn'] }
const logGroup = (name: string) => `arn:aws:logs:us-east-1:000000000000:log-group:${name}`

let emulator: BareEmulator
let arn = ''

beforeAll(async () => {
  emulator = await startBareEmulator()
  const visibility = { CloudWatchMetricsEnabled: true, MetricName: 'lapse', SampledRequestsEnabled: false }
  const outputs = await createStack(
    emulator,
    'guarded',
    {
      Acl: {
        Type: 'AWS::WAFv2::WebACL',
        Properties: { Scope: 'REGIONAL', DefaultAction: { Allow: {} }, VisibilityConfig: visibility, Rules: [] },
      },
      Guarding: { Type: 'AWS::WAFv2::WebACLAssociation', Properties: { ResourceArn: STAGE, WebACLArn: acl } },
      Logging: loggingTo('aws-waf-logs-lapse'),
    },
    { Acl: acl },
  )
  arn = outputs.Acl ?? ''
}, 30_000)

afterAll(() => emulator.stop())

function loggingTo(group: string) {
  return {
    Type: 'AWS::WAFv2::LoggingConfiguration',
    Properties: {
      ResourceArn: acl,
      LogDestinationConfigs: [logGroup(group)],
      RedactedFields: [{ UriPath: {} }],
    },
  }
}

describe('a firewall', () => {
  it('stands before its stage', async () => {
    const found = await emulator.json('wafv2', `${WAF}.GetWebACLForResource`, { ResourceArn: STAGE })

    expect(found).toMatchObject({ WebACL: { ARN: arn } })
  })

  it('says where it logs and what it leaves out', async () => {
    const found = await emulator.json('wafv2', `${WAF}.GetLoggingConfiguration`, { ResourceArn: arn })

    expect(found).toMatchObject({
      LoggingConfiguration: {
        ResourceArn: arn,
        LogDestinationConfigs: [logGroup('aws-waf-logs-lapse')],
        RedactedFields: [{ UriPath: {} }],
      },
    })
  })

  it('that is not there has no logging', async () => {
    const asked = emulator.json('wafv2', `${WAF}.GetLoggingConfiguration`, { ResourceArn: `${arn}x` })

    await expect(asked).rejects.toThrow('WAFNonexistentItemException')
  })

  it('takes no log group whose name begins otherwise', async () => {
    const made = createStack(emulator, 'misnamed', {
      Acl: {
        Type: 'AWS::WAFv2::WebACL',
        Properties: { Scope: 'REGIONAL', DefaultAction: { Allow: {} }, VisibilityConfig: {}, Rules: [] },
      },
      Logging: loggingTo('lapse-waf'),
    })

    await expect(made).rejects.toThrow('aws-waf-logs-')
  })

  it('cannot be put before a stage unless it is there', async () => {
    const made = createStack(emulator, 'absent', {
      Guarding: { Type: 'AWS::WAFv2::WebACLAssociation', Properties: { ResourceArn: STAGE, WebACLArn: `${arn}x` } },
    })

    await expect(made).rejects.toThrow('AWS::WAFv2')
  })
})
