import { describe, expect, it } from '@jest/globals'
import { issuePolicy } from '../../lambdas/application/issue-policy.ts'
import { documentHash } from '../../lambdas/domain/fence.ts'
import { decisionPage } from '../../lambdas/pages/decision-page.ts'
import { approversAskedMail } from '../../lambdas/pages/mails/approvers-asked.ts'
import { $Entitlements, $Preview } from '../../lib/openapi/answers.ts'
import { anAccessFile, anEntitlement } from '../support/an-access-file.ts'
import { decisionView } from '../support/page-samples.ts'
import { aWorld } from '../support/world.ts'
import { routesOf } from './routes.ts'

const managedPolicy = { arn: 'arn:aws:iam::aws:policy/PowerUserAccess', versionId: 'v12' }
const statements = [
  { actions: ['*'], exceptActions: ['iam:*', 'organizations:*'], resources: ['*'] },
  { actions: ['s3:Get*'], resources: ['*'], exceptResources: ['arn:aws:s3:::payroll/*'] },
]
const copied = () => anEntitlement({ id: 'power', managedPolicy, statements })
const ask = { entitlement: 'power' }

describe('an entitlement copied from an AWS-managed policy', () => {
  it('GRA-07 is listed with the policy and its version, and previewed with what it leaves out', async () => {
    const { entitlements, preview } = routesOf(aWorld({ access: anAccessFile({ entitlements: [copied()] }) }))

    const listed = await entitlements({ path: '/entitlements' })
    const previewed = await preview({ method: 'POST', path: '/requests/preview', body: ask })

    expect($Entitlements.parse(listed.body).entitlements).toMatchObject([{ entitlement: 'power', managedPolicy }])
    expect($Preview.parse(previewed.body)).toMatchObject({ decision: 'needs-approval', statements })
  })

  it('GRA-07 lives and ends as every grant does: a policy of its own, fenced, with what is left out', async () => {
    const world = aWorld({ access: anAccessFile({ entitlements: [copied()] }) })
    const { id } = await world.active({ ask })
    const { grant } = await world.granted(id)
    const document = await world.iam.document(grant.policyArn)

    expect(document).toMatchObject({
      Statement: [
        { NotAction: ['iam:*', 'organizations:*'], Resource: ['*'] },
        { Action: ['s3:Get*'], NotResource: ['arn:aws:s3:::payroll/*'] },
      ],
    })
    expect(JSON.stringify(document).match(/"aws:CurrentTime":/g)).toHaveLength(4)
    expect(documentHash(document)).toBe(grant.documentHash)

    world.clock.setTo(grant.notAfter)
    await world.end(id)
    expect(world.iam.policies.size).toBe(0)
    expect(await world.request(id)).toMatchObject({ status: 'ENDED', ending: { cause: 'expired' } })
  })

  it('GRA-07 is not granted when its copy was changed by a deployment after the approval', async () => {
    const world = aWorld({ access: anAccessFile({ entitlements: [copied()] }) })
    const { id } = await world.approved({ ask })
    const wider = statements.map(({ actions, resources }) => ({ actions, resources }))
    const access = anAccessFile({ entitlements: [anEntitlement({ id: 'power', managedPolicy, statements: wider })] })

    await expect(issuePolicy({ ...world.deps, access }, id)).rejects.toThrow('another document than was approved')
    expect(world.iam.policies.size).toBe(0)
  })
})

describe('what an approver is shown of it', () => {
  const entitlement = { ...decisionView.entitlement, managedPolicy }
  const view = { ...decisionView, entitlement, statements }
  const reader = decisionView.approver
  const link = { url: 'https://lapse.example.com/decide/x', code: '123456', expiresAt: decisionView.request.answerBy }

  it.each([
    ['page', () => decisionPage(view)],
    ['mail', () => approversAskedMail({ ...view, reader, link }).text],
  ])('APP-03 the %s names the policy, its version and all that is left out', (_, shown) => {
    const text = shown()

    expect(text).toContain('arn:aws:iam::aws:policy/PowerUserAccess, version v12')
    expect(text).toMatch(/Actions left out \(1 of 2\).*iam:\*.*organizations:\*/s)
    expect(text).toMatch(/Resources left out \(2 of 2\).*arn:aws:s3:::payroll\/\*/s)
    expect(text).toMatch(/(?:"|&quot;)NotAction(?:"|&quot;)/)
    expect(text).toMatch(/(?:"|&quot;)NotResource(?:"|&quot;)/)
  })

  it('APP-03 nothing is said of a policy or of exceptions where there are none', () => {
    expect(decisionPage(decisionView)).not.toMatch(/Copied from|left out/)
  })
})
