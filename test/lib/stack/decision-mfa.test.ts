import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { runSimulation } from '@cloud-copilot/iam-simulate'
import { afterAll, describe, expect, it } from '@jest/globals'
import { Annotations, Match } from 'aws-cdk-lib/assertions'
import { z } from 'zod'
import type { AccessFile } from '../../../lambdas/domain/access-file.ts'
import { loadAccessFile } from '../../../lib/access-file/load.ts'
import { ACCOUNT } from '../../support/concrete.ts'
import { lapseApp } from '../../support/synthesize.ts'
import { $template, resourcesOf, synthesized } from '../../support/synthesized.ts'

const ROOT = join(import.meta.dirname, '..', '..', '..')
const API = `arn:aws:execute-api:us-east-1:${ACCOUNT}:abc123/v1`
const CAROL = `arn:aws:iam::${ACCOUNT}:user/people/carol`
const DECISION = `${API}/POST/requests/01JQ0000000000000000000000/decision`
const MAY_CALL = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'execute-api:Invoke', Resource: `${API}/*` }],
}
const NOTHING = { Version: '2012-10-17', Statement: [] }

/** The access file of the demo with one entitlement that demands MFA of its approvers. */
function demandingMfa(): AccessFile {
  const { access } = loadAccessFile(join(ROOT, 'access.yaml'))
  const [first] = Object.values(access.entitlements)
  if (!first) throw new Error('no entitlement')
  const demanding = { ...first, assurance: 'signed', decisionMfa: true } as const
  return { ...access, entitlements: { ...access.entitlements, [first.id]: demanding } }
}

const { app, stack, outdir } = lapseApp({ access: demandingMfa() })
const written: unknown = app.synth({ skipValidation: true }).getStackByName('Lapse').template
const policy: unknown = JSON.parse(
  JSON.stringify(policyIn(resourcesOf($template.parse(written)))).replaceAll(
    '"execute-api:/*/',
    `"arn:aws:execute-api:us-east-1:${ACCOUNT}:abc123/*/`,
  ),
)

afterAll(() => rmSync(outdir, { recursive: true, force: true }))

function policyIn(resources: ReturnType<typeof resourcesOf>): unknown {
  return resources.find(({ type }) => type === 'AWS::ApiGateway::RestApi')?.properties.Policy
}

async function mayCall(
  resource: string,
  { identity = MAY_CALL, mfa }: { readonly identity?: object; readonly mfa?: 'true' | 'false' } = {},
) {
  const answer = await runSimulation(
    {
      request: {
        principal: CAROL,
        action: 'execute-api:Invoke',
        resource: { resource, accountId: ACCOUNT },
        contextVariables: mfa === undefined ? {} : { 'aws:MultiFactorAuthPresent': mfa },
      },
      identityPolicies: [{ name: 'own', policy: identity }],
      resourcePolicy: policy,
      serviceControlPolicies: [],
      resourceControlPolicies: [],
    },
    {},
  )
  if (answer.resultType === 'error') throw new Error(JSON.stringify(answer.errors))
  const results = answer.resultType === 'single' ? [answer.result] : answer.results
  expect(results.flatMap(({ ignoredContextKeys }) => ignoredContextKeys ?? [])).toEqual([])
  return answer.overallResult
}

describe('where an entitlement demands MFA of its approvers', () => {
  it('APP-09 a signed decision is denied without MFA, with the keys of a user, and allowed with it', async () => {
    expect(await mayCall(DECISION, { mfa: 'false' })).toBe('ExplicitlyDenied')
    expect(await mayCall(DECISION)).toBe('ExplicitlyDenied')
    expect(await mayCall(`${DECISION}/`)).toBe('ExplicitlyDenied')
    expect(await mayCall(DECISION, { mfa: 'true' })).toBe('Allowed')
  })

  it('APP-09 MFA gives nothing to who may not call', async () => {
    expect(await mayCall(DECISION, { identity: NOTHING, mfa: 'true' })).toBe('ImplicitlyDenied')
    expect(await mayCall(`${API}/POST/requests`, { identity: NOTHING })).toBe('ImplicitlyDenied')
    expect(await mayCall(`${API}/POST/requests/x/revoke`, { identity: NOTHING, mfa: 'true' })).toBe('ImplicitlyDenied')
  })

  it.each(['POST/requests', 'GET/requests/x', 'POST/requests/x/cancel', 'POST/freeze', 'GET/entitlements'])(
    'APP-09 %s needs none',
    async route => {
      expect(await mayCall(`${API}/${route}`)).toBe('Allowed')
    },
  )

  it('APP-01 the pages behind links stay open to everybody, and nothing else becomes so', () => {
    const { Statement } = z
      .object({
        Statement: z.array(
          z.object({
            Effect: z.string(),
            Resource: z.union([z.string(), z.array(z.string())]).transform(each => [each].flat()),
          }),
        ),
      })
      .parse(policy)
    const allowed = Statement.filter(({ Effect }) => Effect === 'Allow').flatMap(({ Resource }) => Resource)

    expect(allowed.map(resource => resource.split('/').slice(2).join(' ')).sort()).toEqual([
      'GET decide *',
      'POST decide *',
    ])
  })

  it('APP-09 synth says that the whole route demands it', () => {
    const said = Annotations.fromStack(stack).findInfo(
      '*',
      Match.stringLikeRegexp('takes only sessions begun with MFA'),
    )

    expect(said).toHaveLength(1)
  })
})

describe('where none does', () => {
  it('APP-09 the API has no resource policy, so that nothing is open by it', () => {
    expect(policyIn(synthesized().resources)).toBeUndefined()
  })
})
