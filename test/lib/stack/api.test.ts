import { describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import { type Resource, synthesized } from '../../support/synthesized.ts'

const { resources } = synthesized()
const ofType = (type: string): readonly Resource[] => resources.filter(resource => resource.type === type)
const $part = z.object({ PathPart: z.string(), ParentId: z.string() })
const $method = z.object({
  HttpMethod: z.string(),
  ResourceId: z.string(),
  AuthorizationType: z.string(),
  ApiKeyRequired: z.boolean().optional(),
  Integration: z.object({ Type: z.string() }),
})

const parts = new Map(
  ofType('AWS::ApiGateway::Resource').map(({ id, properties }) => [`Lapse-${id}`, $part.parse(properties)]),
)
function pathOf(resourceId: string): string {
  const part = parts.get(resourceId)
  return part ? `${pathOf(part.ParentId)}/${part.PathPart}` : ''
}

const methods = ofType('AWS::ApiGateway::Method').map(({ properties }) => {
  const { HttpMethod, ResourceId, AuthorizationType } = $method.parse(properties)
  return { route: `${HttpMethod} ${pathOf(ResourceId)}`, AuthorizationType }
})

describe('the API', () => {
  it('REQ-01 signs every route with AWS_IAM but the pages whose path is the credential', () => {
    const open = methods.filter(({ AuthorizationType }) => AuthorizationType !== 'AWS_IAM')

    expect(open.map(({ route, AuthorizationType }) => `${route} ${AuthorizationType}`).sort()).toEqual([
      'GET /decide/{token} NONE',
      'POST /decide/{token} NONE',
    ])
    expect(methods.length).toBeGreaterThanOrEqual(12)
  })

  it('REQ-01 has no route for any method: an ANY would let through what nobody thought of', () => {
    expect(methods.filter(({ route }) => route.startsWith('ANY') || route.includes('proxy+'))).toEqual([])
  })

  it('AUD-07 writes an access log that knows the route and not the path, which may hold a token', () => {
    const [stage, ...others] = ofType('AWS::ApiGateway::Stage')
    const { Format } = z.object({ Format: z.string() }).parse(stage?.properties.AccessLogSetting)

    expect(others).toEqual([])
    expect(Format).toContain('$context.resourcePath')
    expect(Format).not.toMatch(/\$context\.(?:path|requestOverride|wafResponse|identity\.userArn)\b/)
  })

  it('AUD-07 writes no execution log and no trace, which hold the path', () => {
    const [stage] = ofType('AWS::ApiGateway::Stage')

    expect(stage?.properties.TracingEnabled ?? false).toBe(false)
    const settings = z
      .array(z.object({ LoggingLevel: z.enum(['OFF']).optional(), DataTraceEnabled: z.literal(false).optional() }))
      .parse(stage?.properties.MethodSettings ?? [])
    expect(settings).not.toEqual([])
  })

  it('APP-01 is throttled', () => {
    const [stage] = ofType('AWS::ApiGateway::Stage')

    expect(stage?.properties.MethodSettings).toEqual([
      expect.objectContaining({
        ThrottlingRateLimit: 50,
        ThrottlingBurstLimit: 100,
        HttpMethod: '*',
        ResourcePath: '/*',
      }),
    ])
  })
})
