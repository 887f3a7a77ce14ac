import { describe, expect, it } from '@jest/globals'
import { documentHash } from '../../lambdas/domain/fence.ts'
import { routesOf } from '../handlers/routes.ts'
import { aSession, DEVELOPER, PINNED, roleAccess } from '../support/a-role.ts'
import { anAccessFile, anEntitlement } from '../support/an-access-file.ts'
import { anEmergencyWorld, BREAK_GLASS, type EmergencyWorld, RULE } from '../support/emergency-world.ts'
import { house } from '../support/typed-in-house.ts'
import { arnOf, aWorld, type World } from '../support/world.ts'

type Body = Readonly<Record<string, unknown>>
type Way = (world: EmergencyWorld) => Promise<{ readonly id: string }>

const LONG = { ask: { durationSeconds: 5400 } }

/** What the API answers of a request that went this way, and what `lapse report` makes of that. */
async function reported(go: Way, change: (body: Body) => Body = body => body) {
  const world = anEmergencyWorld({ automatic: [RULE], breakGlass: BREAK_GLASS })
  const { id } = await go(world)
  return reportedOf(world, id, change)
}

async function reportedOf(world: World, id: string, change: (body: Body) => Body = body => body) {
  const { body } = await routesOf(world).read({ path: `/requests/${id}`, person: 'audrey' })
  const { type } = await house({ [`GET /requests/${id}`]: [{ body: change(body) }] })
  return type(['report', id])
}

const unasked: Way = async world => {
  const request = await world.started()
  await world.askApprovers(request.id)
  return request
}

describe('lapse report of a request', () => {
  it('AUD-06 that a rule approved says so, and of an emergency that it was one', async () => {
    const emergency: Way = async world => {
      const request = await world.emergency()
      await world.askApprovers(request.id)
      return request
    }

    expect((await reported(unasked)).out).toMatch(/approved +nobody was asked: small reads\n/)
    expect((await reported(emergency)).out).toMatch(
      /asked as +an emergency\n +approved +nobody was asked: an emergency\n/,
    )
  })

  it.each<[string, Way]>([
    [
      'that a rule would have approved, and a freeze sent to people',
      async world => {
        const request = await world.started()
        await world.freeze()
        await world.askApprovers(request.id)
        return request
      },
    ],
    [
      'that was refused as an emergency',
      async world => {
        const outcome = await world.ask({ ask: { isBreakGlass: true, durationSeconds: 90_000 } })
        if (outcome.outcome !== 'refused') throw new Error(outcome.outcome)
        return outcome.request
      },
    ],
    [
      'that a rule would have approved, and was taken back before',
      async world => {
        const request = await world.started()
        await world.cancel(request.id)
        return request
      },
    ],
  ])('AUD-06 %s does not say that it was approved without people', async (_, go) => {
    const { exit, out } = await reported(go)

    expect(exit).toBe(0)
    expect(out).not.toContain('nobody was asked')
  })

  it.each<[string, Way, RegExp]>([
    [
      'was taken back',
      async world => {
        const request = await world.asked(LONG)
        world.clock.step(60)
        await world.cancel(request.id)
        return request
      },
      /Why\n(?: .*\n)* +came to nothing +taken back\n(?:.*\n)*When\n(?: .*\n)* +came to nothing +2027-03-01T10:01:00Z, by alice\n/,
    ],
    [
      'nobody answered',
      async world => {
        const request = await world.asked(LONG)
        world.clock.setTo(request.answerBy)
        await world.climb(request.id)
        return request
      },
      /came to nothing +nobody answered in time\n(?:.*\n)*When\n(?: .*\n)* +came to nothing +2027-\S+Z, by \[ladder\]\n/,
    ],
    [
      'was denied',
      async world => {
        const request = await world.asked(LONG)
        await world.decide('bob', { decision: 'deny', comment: 'not today' })
        return request
      },
      /came to nothing +denied\n(?:.*\n)*When\n(?: .*\n)* +came to nothing +2027-\S+Z, by bob\n/,
    ],
  ])('AUD-06 that %s says so, when, and by whom', async (_, go, told) => {
    const { exit, out } = await reported(go)

    expect(exit).toBe(0)
    expect(out).toMatch(told)
    expect(out).toContain('nothing: the grant never was in force')
  })

  it('AUD-04 that was attached and failed before it said so does not claim that it never was in force', async () => {
    const { exit, out } = await reported(async world => {
      const request = await world.approved(LONG)
      await world.issue(request.id)
      await world.iam.attach(arnOf('alice'), request.grant.policyArn)
      await world.end(request.id)
      return request
    })

    expect(exit).toBe(0)
    expect(out).toMatch(/FAILED\n/)
    expect(out).toMatch(/What was done\n +not read yet: CloudTrail is asked 20 minutes after the proven end\n/)
  })

  const revoked: Way = async world => {
    const request = await world.asked(LONG)
    world.clock.step(900)
    await world.decide('bob', { comment: 'until noon', durationSeconds: 3600 })
    world.clock.step(2)
    await world.issue(request.id)
    await world.attach(request.id)
    await world.endEarly(request.id)
    return request
  }
  const reviewed: Way = async world => {
    const request = await world.emergency()
    await world.askApprovers(request.id)
    await world.review(request.id, 'erin', 'not-justified')
    return request
  }
  const changed = (member: string, change: object) => (body: Body) => ({
    ...body,
    [member]: { ...Object(body[member]), ...change },
  })

  it.each<[string, Way, (body: Body) => Body]>([
    ['emergency', reviewed, ({ breakGlass: _, ...body }) => body],
    ['review', reviewed, changed('debt', { closed: { by: 'erin', verdict: 'justified', comment: 'as we agreed' } })],
    ['review', reviewed, changed('debt', { closed: undefined })],
    ['automatic rule', unasked, body => ({ ...body, automatic: 'another rule' })],
    ['rule', revoked, body => ({ ...body, rule: 'everybody' })],
    ['access file', revoked, body => ({ ...body, accessHash: 'f'.repeat(64) })],
    ['duration', revoked, body => ({ ...body, duration: 'PT1H' })],
    ['allowed duration', revoked, ({ allowedDuration: _, ...body }) => body],
    ['earliest start', revoked, body => ({ ...body, notBefore: '2027-03-01T11:00:00Z' })],
    ['time of asking', revoked, body => ({ ...body, askedAt: '2027-03-01T09:00:00Z' })],
    ['session', revoked, body => ({ ...body, session: { name: 'alice' } })],
    ['policy as it is', revoked, body => ({ ...body, asIs: { policyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' } })],
    ['grant it prolongs', revoked, body => ({ ...body, extends: '01MG08GPFT0000000000000001' })],
    ['grants that prolong it', revoked, body => ({ ...body, extendedBy: ['01MG08GPFT0000000000000001'] })],
    ['cause of its end', revoked, body => ({ ...body, endCause: 'expired' })],
    ['receipt', revoked, changed('receipt', { verifiedAt: '2027-03-01T10:00:00Z' })],
    ['receipt', revoked, ({ receipt: _, ...body }) => body],
    [
      'decisions',
      revoked,
      body => ({ ...body, decisions: [body.decisions].flat().map(each => ({ ...Object(each), comment: 'all day' })) }),
    ],
    [
      'decisions',
      revoked,
      body => ({ ...body, decisions: [body.decisions].flat().map(each => ({ ...Object(each), via: 'signed' })) }),
    ],
  ])('AUD-02 ends with 1 when it says otherwise of its %s than the ledger', async (name, go, change) => {
    expect((await reported(go)).out).toContain('prove each other')

    const { exit, out } = await reported(go, change)

    expect(exit).toBe(1)
    expect(out).toContain(`broken  the ledger says otherwise of its ${name}\n`)
  })

  it('AUD-02 of a role session is proven, and names the session', async () => {
    const world = aWorld({ access: roleAccess() })
    const { id } = await world.active({ principal: aSession(world.iam.addRole(DEVELOPER, PINNED)) })
    await world.endEarly(id)

    const { exit, out } = await reportedOf(world, id)

    expect([exit, out]).toEqual([0, expect.stringMatching(/session +alice\n/)])
    expect((await reportedOf(world, id, body => ({ ...body, session: { name: 'grace' } }))).exit).toBe(1)
  })

  it('AUD-02 of a policy attached as it is, is proven, and says that it had no fence', async () => {
    const document = { Statement: [{ Effect: 'Allow', Action: ['s3:Get*'], Resource: '*' }] }
    const asIs = { because: 'it is too large', documentHash: documentHash(document) }
    const managedPolicy = { arn: 'arn:aws:iam::aws:policy/ReadOnlyAccess', versionId: 'v9', asIs }
    const access = anAccessFile({ entitlements: [anEntitlement({ codeRequired: true, managedPolicy })] })
    const world = aWorld({ access })
    world.iam.addManaged(managedPolicy.arn, document)
    const { id } = await world.active()
    await world.endEarly(id, 'returned')

    const { exit, out } = await reportedOf(world, id)

    expect([exit, out]).toEqual([0, expect.stringMatching(/no fence +arn:aws:iam::aws:policy\/ReadOnlyAccess itself/)])
    expect(out).toContain('s3:GetObject')
    expect(out).toContain('IAM answered NotAttached')

    const another = { ...managedPolicy, asIs: { ...asIs, documentHash: 'f'.repeat(64) } }
    Object.assign(world.deps, {
      access: anAccessFile({ entitlements: [anEntitlement({ codeRequired: true, managedPolicy: another })] }),
    })
    const later = await reportedOf(world, id)
    expect([later.exit, later.out]).toEqual([
      0,
      expect.stringMatching(/allowed +not known: the access file gives another/),
    ])
  })

  it('AUD-06 says what was granted, proven, though the access file gives another policy since', async () => {
    const statements = [{ actions: ['ec2:StopInstances'], resources: ['*'] }]
    const world = aWorld({
      access: anAccessFile({ entitlements: [anEntitlement({ codeRequired: true, statements })] }),
    })
    const { id } = await world.active()
    await world.endEarly(id, 'returned')

    const allows = [{ statement: 0, service: 'Amazon S3', isEverything: true, levels: [], sensitive: [] }]
    for (const entitlements of [[anEntitlement({ allows })], []]) {
      Object.assign(world.deps, { access: anAccessFile({ entitlements }) })
      const { exit, out } = await reportedOf(world, id)

      expect([exit, out]).toEqual([0, expect.stringContaining('ec2:StopInstances')])
      expect(out).toContain('prove each other')
      expect(out).not.toMatch(/s3:GetObject|Amazon S3/)
    }
  })

  it('AUD-02 that was prolonged, and of the one that prolongs it, is proven and names the other', async () => {
    const world = anEmergencyWorld({})
    const { id } = await world.active()
    const extended = await world.extend(id)
    if (extended.outcome !== 'accepted') throw new Error(extended.outcome)
    const { id: extension } = extended.request

    const reports = [await reportedOf(world, id), await reportedOf(world, extension)]

    expect(reports.map(({ exit }) => exit)).toEqual([0, 0])
    expect(reports[0]?.out).toMatch(new RegExp(`prolonged by +${extension}\n`))
    expect(reports[1]?.out).toMatch(new RegExp(`prolongs +${id}\n`))
  })

  it('AUD-02 of two stages, one of them of two people, is proven and names the stage of each', async () => {
    const stages = [
      { name: 'team', approvers: ['bob', 'carol', 'dave'], quorum: 2 },
      { name: 'owner', approvers: ['erin'], quorum: 1 },
    ]
    const world = aWorld({ access: anAccessFile({ entitlements: [anEntitlement({ codeRequired: true, stages })] }) })
    const { id } = await world.asked()
    await world.decide('bob', { durationSeconds: 1800 })
    await world.decide('carol', { comment: 'only for the logs' })
    await world.goOn(id)
    await world.decide('erin')

    const { exit, out } = await reportedOf(world, id)

    expect(exit).toBe(0)
    expect(out).toMatch(
      /bob approved .*“team”, for 30m at most\n.*carol approved .*“team”\n.*erin approved .*“owner”\n/,
    )
    expect(out).toMatch(/for 1h; 30m was allowed/)
  })
})
