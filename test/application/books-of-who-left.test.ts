import { describe, expect, it } from '@jest/globals'
import { closeTheBooks } from '../../lambdas/application/close-books.ts'
import type { AccessFile } from '../../lambdas/domain/access-file.ts'
import { grantedStatements } from '../../lambdas/domain/activity/granted.ts'
import { plusSeconds } from '../../lambdas/domain/instant.ts'
import { anAccessFile, anEntitlement, aPerson, aRule, CAST } from '../support/an-access-file.ts'
import { aCallOf, RecordedTrail } from '../support/recorded-trail.ts'
import { aWorld } from '../support/world.ts'

const statements = [{ actions: ['ec2:StopInstances'], resources: ['*'] }]
const entitlement = { statements, codeRequired: true } as const
const access = anAccessFile({ entitlements: [anEntitlement(entitlement)] })
const others = CAST.filter(id => id !== 'alice').map(id => aPerson({ id }))

const CHANGED: readonly (readonly [what: string, access: AccessFile])[] = [
  ['the person left', anAccessFile({ people: others, entitlements: [anEntitlement(entitlement)] })],
  [
    'the person may not ask for it any more',
    anAccessFile({ entitlements: [anEntitlement({ ...entitlement, rules: [aRule({ members: ['carol'] })] })] }),
  ],
  [
    'its maximum is shorter',
    anAccessFile({
      entitlements: [anEntitlement({ ...entitlement, duration: { defaultSeconds: 600, maximumSeconds: 600 } })],
    }),
  ],
  [
    'nobody approves it any more',
    anAccessFile({
      entitlements: [anEntitlement({ ...entitlement, stages: [{ name: 'owner', approvers: [], quorum: 1 }] })],
    }),
  ],
]

const OTHER_POLICIES = [
  { statements: [{ actions: ['ec2:StopInstances', 'ec2:TerminateInstances'], resources: ['*'] }] },
  { fences: { regions: ['eu-central-1'] } },
].map(change => anAccessFile({ entitlements: [anEntitlement({ ...entitlement, ...change })] }))
OTHER_POLICIES.push(anAccessFile({ entitlements: [] }))

describe('what a grant allowed', () => {
  it.each([
    ...CHANGED,
    ...OTHER_POLICIES.map(
      (today, index) => [`its entitlement is gone or gives another policy (way ${index + 1})`, today] as const,
    ),
  ])('AUD-04 AUD-05 is known, and use after its end found, although %s since', async (_, today) => {
    const world = aWorld({ access })
    const trail = new RecordedTrail(world.faults)
    const request = await world.active()
    world.clock.setTo(request.grant.notAfter)
    await world.end(request.id)
    trail.calls.push(aCallOf({ at: plusSeconds(request.grant.notAfter, 60), action: 'ec2:StopInstances' }))
    world.clock.step(2 * 3600)

    await closeTheBooks({ ...world.deps, trail, access: today })

    expect(grantedStatements(today, request)).toEqual(statements)
    expect(await world.books.find(request.id)).toMatchObject({
      grantUse: 'not-seen',
      violations: [{ action: 'ec2:StopInstances', when: 'after-end' }],
    })
  })

  it('AUD-04 an older grant, which kept no copy, is not known once the entitlement is gone or gives another policy', async () => {
    const { grant, ...rest } = await aWorld({ access }).active()
    const { statements: _, ...older } = grant
    const request = { ...rest, grant: older }

    expect(grantedStatements(access, request)).toEqual(statements)
    for (const today of OTHER_POLICIES) expect(grantedStatements(today, request)).toBeUndefined()
  })

  it('AUD-04 is not what the row says where the hash of the approval says otherwise', async () => {
    const { grant, ...rest } = await aWorld({ access }).active()
    const request = {
      ...rest,
      grant: { ...grant, statements: [{ actions: ['ec2:StopInstances'], resources: ['i-1'] }] },
    }

    expect(grantedStatements(access, request)).toEqual(statements)
    for (const today of OTHER_POLICIES) expect(grantedStatements(today, request)).toBeUndefined()
  })
})
