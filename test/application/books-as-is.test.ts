import { describe, expect, it } from '@jest/globals'
import { closeTheBooks } from '../../lambdas/application/close-books.ts'
import { documentHash } from '../../lambdas/domain/fence.ts'
import { plusSeconds } from '../../lambdas/domain/instant.ts'
import { anAccessFile, anEntitlement } from '../support/an-access-file.ts'
import { aCallOf, RecordedTrail } from '../support/recorded-trail.ts'
import { arnOf, aWorld } from '../support/world.ts'

const POLICY = 'arn:aws:iam::aws:policy/PowerUserAccess'
const DOCUMENT = { Statement: [{ Effect: 'Allow', NotAction: ['iam:*'], Resource: '*' }] }
const statements = [{ actions: ['*'], exceptActions: ['iam:*'], resources: ['*'] }]

function accessOf(document: unknown) {
  const asIs = { because: 'it is too large', documentHash: documentHash(document) }
  const managedPolicy = { arn: POLICY, versionId: 'v9', asIs }
  return anAccessFile({ entitlements: [anEntitlement({ codeRequired: true, statements, managedPolicy })] })
}

/** A house in which Alice has an hour of a policy without a fence. */
async function aHouse() {
  const world = aWorld({ access: accessOf(DOCUMENT) })
  world.iam.addManaged(POLICY, DOCUMENT)
  const trail = new RecordedTrail(world.faults)
  const { id, grant } = await world.active()
  /** Ended as long after its planned end, with the books closed, by the access file of then. */
  const closed = async (late = 0, access = accessOf(DOCUMENT)) => {
    world.clock.setTo(plusSeconds(grant.notAfter, late))
    await world.end(id)
    world.clock.step(2 * 3600)
    await closeTheBooks({ ...world.deps, trail, access })
    return world.books.find(id)
  }
  return { trail, grant, closed, at: (seconds: number) => plusSeconds(grant.notAfter, seconds) }
}

describe('the books of a policy attached as it is', () => {
  it('AUD-04 say whether it was used, and what it does not allow', async () => {
    const { trail, grant, closed } = await aHouse()
    trail.calls.push(
      aCallOf({ at: grant.notBefore }),
      aCallOf({ at: grant.notBefore, eventId: 'other', action: 'iam:ListUsers' }),
    )

    expect(await closed()).toMatchObject({
      grantUse: 'used',
      granted: [{ pattern: '*', isSeen: true }],
      actions: [
        { action: 'ec2:DescribeInstances', isGranted: true },
        { action: 'iam:ListUsers', isGranted: false },
      ],
    })
  })

  it('AUD-05 have what it allows and was done from a minute after its end on, which is as long as IAM may know it', async () => {
    const { trail, at, closed } = await aHouse()
    trail.calls.push(
      aCallOf({ at: at(59), eventId: 'IAM still knew it' }),
      aCallOf({ at: at(60), eventId: 'late' }),
      aCallOf({ at: at(60), eventId: 'other', action: 'iam:ListUsers' }),
    )

    expect((await closed(600))?.violations).toMatchObject([{ eventId: 'late', when: 'after-end' }])
  })

  it.each(['signin:ConsoleLogin', 'sts:GetCallerIdentity'])(
    'AUD-05 take %s neither for use nor for use outside the window: it needs no grant',
    async action => {
      const { trail, grant, at, closed } = await aHouse()
      trail.calls.push(aCallOf({ at: grant.notBefore, action }), aCallOf({ at: at(60), eventId: 'late', action }))

      expect(await closed(600)).toMatchObject({
        grantUse: 'not-seen',
        granted: [{ pattern: '*', isSeen: false }],
        actions: [{ action, isGranted: false }],
        violations: [],
      })
    },
  )

  it('AUD-05 have nothing outside the window of who has the policy by another hand', async () => {
    const world = aWorld({ access: accessOf(DOCUMENT) })
    world.iam.addManaged(POLICY, DOCUMENT)
    const trail = new RecordedTrail(world.faults)
    const { id, grant } = await world.approved()
    world.iam.attachTo(`user ${arnOf('alice')}`, POLICY)
    await world.issue(id)
    await expect(world.attach(id)).rejects.toThrow('already, and not by a grant')
    await world.end(id)
    trail.calls.push(aCallOf({ at: plusSeconds(grant.notBefore, -60) }))
    world.clock.step(3 * 3600)

    await closeTheBooks({ ...world.deps, trail })

    expect((await world.request(id)).ending?.receipt.policy).toBe('HeldByOthers')
    expect(await world.books.find(id)).toMatchObject({ state: 'final', violations: [] })
  })

  it('AUD-04 do not know what it allowed once the access file has another version of it', async () => {
    const { trail, at, closed } = await aHouse()
    trail.calls.push(aCallOf({ at: at(600) }))

    expect(await closed(0, accessOf({ Statement: [] }))).toMatchObject({
      grantUse: 'unknown',
      granted: [],
      violations: [],
    })
  })
})
