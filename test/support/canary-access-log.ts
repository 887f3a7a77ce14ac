import * as z from 'zod/mini'
import type { Place, SearchedHouse } from './canary.ts'
import { signedFetch } from './signed-fetch.ts'

const $Template = z.object({ Resources: z.record(z.string(), z.object({ Type: z.string(), Properties: z.unknown() })) })
const $Stage = z.object({ AccessLogSetting: z.object({ Format: z.string() }) })

/** What API Gateway puts for the variables of an access log about one call: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-variables-for-access-logging.html */
function variablesOf(token: string, method: string): Readonly<Record<string, string>> {
  const path = `/v1/decide/${token}`
  return {
    requestId: '7c5a9e6e-0000-4000-8000-000000000000',
    requestTime: '10/Mar/2027:10:00:00 +0000',
    'identity.sourceIp': '192.0.2.1',
    'identity.accountId': '-',
    'identity.caller': '-',
    'identity.userAgent': `scanner (https://lapse.example.com/decide/${token})`,
    httpMethod: method,
    path,
    resourcePath: '/decide/{token}',
    protocol: 'HTTP/1.1',
    status: '200',
    'error.message': `no route ${path}`,
    'error.responseType': '-',
    'integration.integrationStatus': '200',
    integrationStatus: '200',
    wafResponseCode: 'WAF_ALLOW',
    responseLatency: '20',
    responseLength: '9000',
  }
}

/** The lines the deployed stage would write about these links. The emulator writes none, so its format is filled in here. */
export async function accessLogPlaces(house: SearchedHouse, tokens: readonly string[]): Promise<readonly Place[]> {
  const format = await accessLogFormat(house)
  return tokens.flatMap(token => ['GET', 'POST'].map(method => accessLogLine(format, token, method)))
}

export function accessLogLine(format: string, token: string, method = 'GET'): Place {
  const variables = variablesOf(token, method)
  const text = format.replaceAll(/\$context\.([A-Za-z.]+)/g, (_, name: string) => {
    const value = variables[name]
    if (value === undefined) throw new Error(`what API Gateway writes for $context.${name} is not known here`)
    return value
  })
  return { kind: 'access log', where: `${method} /decide/{token}`, text }
}

/** The emulator keeps no access log settings of a stage, but the template it was deployed by. */
async function accessLogFormat({ emulator }: SearchedHouse): Promise<string> {
  const { endpointUrl, rootCredentials: credentials } = emulator
  const { text } = await signedFetch('POST', endpointUrl, {
    credentials,
    service: 'cloudformation',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ Action: 'GetTemplate', StackName: 'Lapse', Version: '2010-05-15' }).toString(),
  })
  const body = /<TemplateBody>([\s\S]*)<\/TemplateBody>/.exec(text)?.[1] ?? ''
  const template = $Template.parse(JSON.parse(body.replaceAll(/&(lt|gt|amp|quot|#39|apos|#x27);/g, unescaped)))
  const stages = Object.values(template.Resources).flatMap(({ Type, Properties }) =>
    Type === 'AWS::ApiGateway::Stage' ? [$Stage.parse(Properties)] : [],
  )
  const [stage] = stages
  if (!stage || stages.length !== 1) throw new Error(`the stack has ${stages.length} stages, not one`)
  return stage.AccessLogSetting.Format
}

function unescaped(entity: string): string {
  const character = { '&lt;': '<', '&gt;': '>', '&amp;': '&', '&quot;': '"' }[entity]
  return character ?? "'"
}
