import { readFileSync } from 'node:fs'
import { describe, expect, it, jest } from '@jest/globals'
import { App, Stack } from 'aws-cdk-lib'
import { ManagedPolicy } from 'aws-cdk-lib/aws-iam'
import { applierPermissions } from '../../lib/iam/applier-permissions.ts'
import { ceilingBoundary } from '../../lib/iam/ceiling.ts'
import { issuerPermissions } from '../../lib/iam/issuer-permissions.ts'
import { smallAccess } from '../lib/access-file/small-file.ts'
import { concrete } from '../support/concrete.ts'
import { ADMIN_ROLE, BREAK_GLASS, CEILING, DEPLOY_ROLE, GRANT, PERSON } from '../support/iam-corpus.ts'
import { $template, synthesized } from '../support/synthesized.ts'
import { $policy, type Policy } from '../support/template-policies.ts'
import { isAllowed } from './ask.ts'

jest.setTimeout(60_000)

const { warnings } = synthesized()
const ACCOUNT = '111122223333'
const SERVICE = 'arn:aws:iam::111122223333:role/lapse/both'
const CEILING_DOCUMENT: unknown = ceilingBoundary('Lapse')
const ADMINISTRATOR: Policy = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: ['*'], Resource: ['*'] }],
}

/** What somebody has who controls issuer and applier both. */
function bothOf(boundaries: readonly string[]): Policy {
  const stack = new Stack(new App(), 'Lapse')
  const statements = [...issuerPermissions(stack), ...applierPermissions(stack, smallAccess(), boundaries)]
  // The two roles apart deny each other's part; together the attacker uses each for its own.
  const allows = statements.filter(statement => statement.toStatementJson().Effect === 'Allow')
  new ManagedPolicy(stack, 'Both', { statements: allows })
  const template: unknown = App.of(stack)?.synth().getStackByName('Lapse').template
  const { Both = {} } = Object.fromEntries(
    Object.values(concrete($template.parse(template).Resources)).map(properties => ['Both', properties]),
  )
  return $policy.parse(Both.PolicyDocument)
}

const AUTHORING = {
  principal: SERVICE,
  action: 'iam:CreatePolicy',
  resource: GRANT,
  context: {
    'aws:RequestTag/lapse:managed': 'true',
    'aws:TagKeys': ['lapse:managed', 'lapse:request', 'lapse:expires', 'lapse:hash'],
  },
}
function attaching(boundary?: string) {
  const carried = boundary ? { 'iam:PermissionsBoundary': boundary } : {}
  const context = { 'iam:PolicyARN': GRANT, ...carried }
  return { principal: SERVICE, action: 'iam:AttachUserPolicy', resource: PERSON, context }
}

describe('issuer and applier in one hand', () => {
  it('GRA-08 are an administrator while people carry no permissions boundary: this is known and said at synth', async () => {
    const policies = { both: bothOf([]) }

    expect(await isAllowed({ ...AUTHORING, policies })).toBe(true)
    expect(await isAllowed({ ...attaching(), policies })).toBe(true)
    const asPerson = { principal: PERSON, action: 'iam:CreateAccessKey', resource: BREAK_GLASS }
    expect(await isAllowed({ ...asPerson, policies: { grant: ADMINISTRATOR } })).toBe(true)
    expect(warnings.join()).toContain('whoever controls the issuer and the applier together')
  })

  it('GRA-08 reach nobody who does not carry one of the boundaries, where boundaries are required', async () => {
    const policies = { both: bothOf([CEILING, 'arn:aws:iam::111122223333:policy/boundary/other']) }

    expect(await isAllowed({ ...attaching(), policies })).toBe(false)
    expect(await isAllowed({ ...attaching('arn:aws:iam::111122223333:policy/mine'), policies })).toBe(false)
    expect(await isAllowed({ ...attaching(CEILING), policies })).toBe(true)
  })
})

describe('the ceiling under a grant that allows everything', () => {
  const asked = (action: string, resource: string) =>
    isAllowed({ principal: PERSON, action, resource, policies: { grant: ADMINISTRATOR }, boundary: CEILING_DOCUMENT })
  const regional = (service: string, rest: string) => `arn:aws:${service}:eu-west-1:${ACCOUNT}:${rest}`

  it.each([
    ['iam:AttachUserPolicy', PERSON],
    ['iam:PutUserPolicy', PERSON],
    ['iam:DeleteUserPermissionsBoundary', PERSON],
    ['iam:PutUserPermissionsBoundary', PERSON],
    ['iam:CreatePolicyVersion', GRANT],
    ['iam:SetDefaultPolicyVersion', GRANT],
    ['iam:CreateAccessKey', BREAK_GLASS],
    ['iam:PassRole', ADMIN_ROLE],
    ['iam:UpdateAssumeRolePolicy', ADMIN_ROLE],
    ['sts:AssumeRole', 'arn:aws:iam::111122223333:role/lapse/Lapse-Applier'],
    ['sts:AssumeRole', DEPLOY_ROLE],
    ['lambda:UpdateFunctionCode', regional('lambda', 'function:Lapse-ElevationApplierFunction1C109CA9')],
    ['lambda:InvokeFunction', regional('lambda', 'function:Lapse-ElevationApplierFunction1C109CA9')],
    ['states:StopExecution', regional('states', 'execution:ElevationWorkflowRequests0B6C355F-x:01J')],
    ['states:UpdateStateMachine', regional('states', 'stateMachine:ElevationWorkflowRequests0B6C355F-x')],
    ['dynamodb:PutItem', regional('dynamodb', 'table/Lapse-LedgerTable9343E4AA-X')],
    ['dynamodb:DeleteItem', regional('dynamodb', 'table/Lapse-LedgerTable9343E4AA-X')],
    ['s3:PutObject', 'arn:aws:s3:::lapse-archivebucket49f1ac64-x/a'],
    ['s3:BypassGovernanceRetention', 'arn:aws:s3:::lapse-archivebucket49f1ac64-x/a'],
    ['cloudwatch:DeleteAlarms', regional('cloudwatch', 'alarm:Lapse-Overdue')],
    ['events:DisableRule', regional('events', 'rule/Lapse-Sweep')],
    ['cloudformation:UpdateStack', regional('cloudformation', 'stack/Lapse/1')],
    ['logs:DeleteLogGroup', regional('logs', 'log-group:Lapse-ElevationApplierLogs1D3F1B5A')],
    ['cloudtrail:StopLogging', regional('cloudtrail', 'trail/main')],
  ])('GRA-08 denies %s on %s', async (action, resource) => {
    expect(await asked(action, resource)).toBe(false)
  })

  const tagged = (action: string, resource: string, stack: string, boundary = CEILING_DOCUMENT) => {
    const context = { 'aws:ResourceTag/aws:cloudformation:stack-name': stack }
    return isAllowed({ principal: PERSON, action, resource, policies: { grant: ADMINISTRATOR }, boundary, context })
  }

  it.each([
    // Who writes an integration writes who calls: the functions believe what API Gateway says of that.
    ['apigateway:PUT', 'arn:aws:apigateway:eu-west-1::/restapis/abc/resources/def/methods/POST/integration'],
    ['apigateway:PATCH', 'arn:aws:apigateway:eu-west-1::/restapis/abc/stages/v1'],
    ['wafv2:UpdateWebACL', regional('wafv2', 'regional/webacl/FirewallAcl-abc/11111111-2222-3333-4444-555555555555')],
  ])('GRA-08 denies %s on %s, whose ARN does not say whose it is', async (action, resource) => {
    expect(await tagged(action, resource, 'Lapse')).toBe(false)
    expect(await tagged(action, resource, 'AcmeOrders')).toBe(true)
    expect(await tagged(action, resource, 'AcmeAccess', ceilingBoundary('AcmeAccess'))).toBe(false)
  })

  it('GRA-08 lets people call the API all the same', async () => {
    expect(await tagged('execute-api:Invoke', regional('execute-api', 'abc/v1/POST/requests'), 'Lapse')).toBe(true)
  })

  it.each([
    ['s3:GetObject', 'arn:aws:s3:::acme-orders-2026/a'],
    ['dynamodb:PutItem', regional('dynamodb', 'table/acme-orders')],
    ['execute-api:Invoke', regional('execute-api', 'abc/v1/POST/requests')],
  ])('GRA-08 leaves ordinary work alone: %s', async (action, resource) => {
    expect(await asked(action, resource)).toBe(true)
  })
})

describe('the ceiling of a stack of another name', () => {
  const others: unknown = ceilingBoundary('AcmeAccess')
  const asked = (action: string, resource: string, boundary: unknown) =>
    isAllowed({ principal: PERSON, action, resource, policies: { grant: ADMINISTRATOR }, boundary })
  const regional = (service: string, rest: string) => `arn:aws:${service}:eu-west-1:${ACCOUNT}:${rest}`

  it.each([
    ['lambda:UpdateFunctionCode', regional('lambda', 'function:AcmeAccess-ElevationApplierFunction1C109CA9')],
    ['dynamodb:PutItem', regional('dynamodb', 'table/AcmeAccess-LedgerTable9343E4AA-X')],
    ['s3:PutObject', 'arn:aws:s3:::acmeaccess-archivebucket49f1ac64-x/a'],
    ['cloudformation:UpdateStack', regional('cloudformation', 'stack/AcmeAccess/1')],
    ['states:UpdateStateMachine', regional('states', 'stateMachine:AcmeAccessWorkflow')],
    ['sts:AssumeRole', `arn:aws:iam::${ACCOUNT}:role/AcmeAccess-Api`],
    ['sts:AssumeRole', `arn:aws:iam::${ACCOUNT}:role/lapse/AcmeAccess-Applier`],
  ])('GRA-08 denies %s on %s, which the one of Lapse by its usual name may not know', async (action, resource) => {
    expect(await asked(action, resource, others)).toBe(false)
    if (!resource.includes('role/lapse/')) expect(await asked(action, resource, CEILING_DOCUMENT)).toBe(true)
  })

  it('GRA-08 is the written one for the usual name', () => {
    const written: unknown = JSON.parse(
      readFileSync(new URL('../../lib/iam/ceiling-boundary.json', import.meta.url), 'utf8'),
    )

    expect(ceilingBoundary('Lapse')).toEqual(written)
    expect(JSON.stringify(others)).not.toContain('Lapse-')
  })
})
