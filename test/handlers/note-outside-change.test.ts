import { describe, expect, it } from '@jest/globals'
import { type Holders, NOBODY, type SharedRights } from '../../lambdas/domain/outside-change.ts'
import { createHandler } from '../../lambdas/handlers/note-outside-change/handler.ts'
import { anAccessFile, aPerson } from '../support/an-access-file.ts'
import { Faults } from '../support/faults.ts'
import { GivenIds } from '../support/given-ids.ts'
import { InMemoryFindingStore } from '../support/in-memory-finding-store.ts'
import { RecordedFindingTeller } from '../support/recorded-finding-teller.ts'
import { RecordedMetrics } from '../support/recorded-metrics.ts'
import { arnOf, aWorld } from '../support/world.ts'

const GRANT = 'arn:aws:iam::111122223333:policy/lapse/grant/20270301T110000Z/01MG08GPFT0000000000000001'
const ADMINISTRATORS = 'arn:aws:iam::aws:policy/AdministratorAccess'
const MALLORY = { type: 'IAMUser', arn: 'arn:aws:iam::111122223333:user/mallory', userName: 'mallory' }

/** A session of a role, as CloudTrail describes who called. */
const sessionOf = (role: string) => ({
  type: 'AssumedRole',
  principalId: 'AROA111111111EXAMPLE:session',
  arn: 'arn:aws:sts::111122223333:assumed-role/x/session',
  accountId: '111122223333',
  sessionContext: {
    sessionIssuer: { type: 'Role', arn: `arn:aws:iam::111122223333:${role}`, userName: 'x' },
    attributes: { creationDate: '2027-03-01T10:00:00Z', mfaAuthenticated: 'false' },
  },
})
const DEPLOYMENT = { ...sessionOf('role/cdk-hnb659fds-cfn-exec-role'), invokedBy: 'cloudformation.amazonaws.com' }

/** A call of IAM as CloudTrail gives it to EventBridge: https://docs.aws.amazon.com/IAM/latest/UserGuide/cloudtrail-integration.html */
function aCall(eventName: string, requestParameters: object | null, { userIdentity = {}, ...more }: Caller = {}) {
  return {
    version: '0',
    id: '6a7e8feb-b491-4cf7-a9f1-bf3703467718',
    'detail-type': 'AWS API Call via CloudTrail',
    source: 'aws.iam',
    account: '111122223333',
    time: '2027-03-01T10:00:05Z',
    region: 'us-east-1',
    resources: [],
    detail: {
      eventVersion: '1.09',
      userIdentity: { ...MALLORY, ...userIdentity },
      eventTime: '2027-03-01T10:00:05Z',
      eventSource: 'iam.amazonaws.com',
      eventName,
      awsRegion: 'us-east-1',
      sourceIPAddress: '203.0.113.7',
      userAgent: 'aws-cli/2.33.0',
      requestParameters,
      responseElements: null,
      requestID: '12345678-1234-1234-1234-123456789012',
      eventID: '4567efdc-3a5c-4b0a-9e0b-2b0f8d9f1c11',
      readOnly: false,
      eventType: 'AwsApiCall',
      managementEvent: true,
      recipientAccountId: '111122223333',
      eventCategory: 'Management',
      ...more,
    },
  }
}
interface Caller {
  readonly eventTime?: string
  readonly userIdentity?: object
  readonly errorCode?: string
}

const POLICY_OF_ALICE = 'arn:aws:iam::111122223333:policy/alice'
const TEAM = 'arn:aws:iam::111122223333:policy/teams/developers'

/** IAM with a group of Alice, one of strangers, one of several, and a policy that Alice, a role and strangers have. */
const HELD: Readonly<Record<string, Holders>> = {
  admins: { users: ['robot', 'alice'], roles: [] },
  robots: { users: ['robot'], roles: [] },
  everybody: { users: ['alice', 'bob'], roles: [] },
  [POLICY_OF_ALICE]: { users: ['alice'], roles: [] },
  [TEAM]: { users: ['robot'], roles: ['own'] },
}

function aNote(start: () => Promise<unknown> = async () => undefined, access = anAccessFile()) {
  const faults = new Faults()
  const metrics = new RecordedMetrics(faults)
  const findings = new InMemoryFindingStore(faults)
  const teller = new RecordedFindingTeller(faults)
  const sweeps: string[] = []
  const looked: string[] = []
  const warnings: unknown[] = []
  const deps = {
    access,
    findings,
    teller,
    ids: new GivenIds(),
    rolePrefix: 'Lapse-',
    iam: {
      holdersOf: (shared: SharedRights) =>
        faults.around('iam.holdersOf', () => {
          const of = 'group' in shared ? shared.group : shared.policy
          looked.push(of)
          return HELD[of] ?? NOBODY
        }),
    },
    metrics,
    sweeps: {
      start: async () => {
        sweeps.push('started')
        await start()
      },
    },
  }
  const handler = createHandler(deps, { warn: (...line: unknown[]) => void warnings.push(line) })
  const listed = async () => (await findings.list({ state: 'open', limit: 100 })).findings
  return { handler, metrics, sweeps, looked, warnings, faults, findings, teller, listed }
}

const OUTSIDE: readonly (readonly [what: string, event: object, outcome: string])[] = [
  [
    'attaching a grant to somebody else',
    aCall('AttachUserPolicy', { userName: 'eve', policyArn: GRANT }),
    'a policy of Lapse',
  ],
  ['re-writing a grant', aCall('CreatePolicyVersion', { policyArn: GRANT, setAsDefault: true }), 'a policy of Lapse'],
  [
    'making a policy on the path of grants',
    aCall('CreatePolicy', { policyName: 'x', path: '/lapse/grant/x/' }),
    'a policy of Lapse',
  ],
  [
    'the same by CloudFormation',
    aCall('CreatePolicy', { policyName: 'x', path: '/lapse/grant/x/' }, { userIdentity: DEPLOYMENT }),
    'a policy of Lapse',
  ],
  [
    're-writing a policy of a function',
    aCall('SetDefaultPolicyVersion', { policyArn: 'arn:aws:iam::111122223333:policy/lapse/service/x' }),
    'a policy of Lapse',
  ],
  [
    'a policy for a role of Lapse',
    aCall('PutRolePolicy', { roleName: 'Lapse-ElevationApplierRole1A2B', policyName: 'x' }),
    'a role of Lapse',
  ],
  [
    'another trust for a role of Lapse',
    aCall('UpdateAssumeRolePolicy', { roleName: 'Lapse-ElevationApplierRole1A2B' }),
    'a role of Lapse',
  ],
  [
    'giving a person standing access',
    aCall('AttachUserPolicy', { userName: 'alice', policyArn: ADMINISTRATORS }),
    'a person',
  ],
  [
    'the same by CloudFormation',
    aCall('AttachUserPolicy', { userName: 'alice', policyArn: ADMINISTRATORS }, { userIdentity: DEPLOYMENT }),
    'a person',
  ],
  ['putting a person into a group', aCall('AddUserToGroup', { userName: 'alice', groupName: 'admins' }), 'a person'],
  ['taking a policy away', aCall('DeleteUserPolicy', { userName: 'alice', policyName: 'x' }), 'a person'],
  [
    'taking one from a role of Lapse',
    aCall('DeleteRolePolicy', { roleName: 'Lapse-X', policyName: 'x' }),
    'a role of Lapse',
  ],
  [
    'taking a role of Lapse away',
    aCall('DeleteRole', { roleName: 'Lapse-ElevationApplierRole1A2B' }),
    'a role of Lapse',
  ],
  // Whoever has such a role would pass for Lapse in every rule here.
  ['making a role on the path of Lapse', aCall('CreateRole', { roleName: 'x', path: '/lapse/' }), 'a role of Lapse'],
  [
    'a grant for a role of nobody',
    aCall('AttachRolePolicy', { roleName: 'robot', policyArn: GRANT }),
    'a policy of Lapse',
  ],
  [
    'giving rights to a group of a person',
    aCall('AttachGroupPolicy', { groupName: 'admins', policyArn: ADMINISTRATORS }),
    'a person',
  ],
  [
    'writing a policy into a group of a person',
    aCall('PutGroupPolicy', { groupName: 'admins', policyName: 'x' }),
    'a person',
  ],
  [
    'another version of a policy that a person has',
    aCall('CreatePolicyVersion', { policyArn: POLICY_OF_ALICE, setAsDefault: true }),
    'a person',
  ],
  [
    'a grant for a group of nobody',
    aCall('AttachGroupPolicy', { groupName: 'robots', policyArn: GRANT }),
    'a policy of Lapse',
  ],
  ['taking a person’s boundary away', aCall('DeleteUserPermissionsBoundary', { userName: 'alice' }), 'a person'],
]

const LEFT: readonly (readonly [what: string, event: object, outcome: string])[] = [
  [
    'Lapse attaching a grant',
    aCall(
      'AttachUserPolicy',
      { userName: 'alice', policyArn: GRANT },
      { userIdentity: sessionOf('role/lapse/Lapse-Applier') },
    ),
    'done by Lapse',
  ],
  [
    'a deployment of Lapse',
    aCall(
      'CreatePolicyVersion',
      { policyArn: 'arn:aws:iam::111122223333:policy/lapse/service/x' },
      { userIdentity: DEPLOYMENT },
    ),
    'done by a deployment',
  ],
  [
    'a change of somebody else',
    aCall('AttachUserPolicy', { userName: 'robot', policyArn: ADMINISTRATORS }),
    'of nothing that Lapse manages',
  ],
  [
    'a role of a deployment',
    aCall('CreateRole', { roleName: 'Lapse-X', path: '/lapse/' }, { userIdentity: DEPLOYMENT }),
    'done by a deployment',
  ],
  [
    'rights for a group of nobody',
    aCall('AttachGroupPolicy', { groupName: 'robots', policyArn: ADMINISTRATORS }),
    'of nothing that Lapse manages',
  ],
  [
    'a policy of nobody',
    aCall('SetDefaultPolicyVersion', { policyArn: 'arn:aws:iam::111122223333:policy/robots' }),
    'of nothing that Lapse manages',
  ],
  ['a role of somebody else', aCall('CreateRole', { roleName: 'x', path: '/' }), 'of nothing that Lapse manages'],
  ['a call without parameters', aCall('CreatePolicy', null), 'of nothing that Lapse manages'],
  [
    'what IAM refused',
    aCall('AttachUserPolicy', { userName: 'alice', policyArn: GRANT }, { errorCode: 'AccessDenied' }),
    'refused by IAM',
  ],
]

describe('a change of IAM by somebody else', () => {
  it.each(OUTSIDE)('END-06 is noted and swept after at once: %s', async (_, event, of) => {
    const { handler, metrics, sweeps, warnings } = aNote()

    expect(await handler(event)).toEqual({ outcome: `outside: ${of}` })
    expect([sweeps, metrics.counts]).toEqual([['started'], [{ OutsideChanges: 1 }, { FindingsOpened: 1 }]])
    expect(warnings).toMatchObject([[expect.any(String), { eventId: expect.any(String), of, by: expect.any(String) }]])
  })

  it.each(LEFT)('END-06 is none: %s', async (_, event, outcome) => {
    const { handler, metrics, sweeps, listed } = aNote()

    expect(await handler(event)).toEqual({ outcome })
    expect([sweeps, metrics.counts, await listed()]).toEqual([[], [], []])
  })

  it('END-06 is not believed to be Lapse’s because of a name: only a role under the path of Lapse is', async () => {
    const pretenders = ['role/people/lapse/Lapse-Applier', 'role/Lapse-Applier', 'user/lapse/mallory']
    for (const pretender of pretenders) {
      const { handler, sweeps } = aNote()
      await handler(
        aCall('AttachUserPolicy', { userName: 'eve', policyArn: GRANT }, { userIdentity: sessionOf(pretender) }),
      )

      expect([pretender, sweeps]).toEqual([pretender, ['started']])
    }
  })

  it('END-06 is counted only after the sweep is started, and thrown if it cannot be, so that Lambda tries again', async () => {
    const { handler, metrics } = aNote(() => Promise.reject(new Error('no room')))

    await expect(handler(aCall('DetachUserPolicy', { userName: 'alice', policyArn: GRANT }))).rejects.toThrow('no room')
    expect(metrics.counts).toEqual([])
  })

  it('END-06 is put right by the sweep that it starts: a grant given to somebody else is taken from them', async () => {
    const world = aWorld()
    const { id, grant } = await world.active()
    world.clock.step(600)
    world.iam.addUser(arnOf('mallory'))
    await world.iam.attach(arnOf('mallory'), grant.policyArn)
    const { handler } = aNote(() => world.sweep())

    await handler(aCall('AttachUserPolicy', { userName: 'mallory', policyArn: grant.policyArn }))

    expect(await world.iam.isAttached(arnOf('mallory'), grant.policyArn)).toBe(false)
    expect(await world.iam.isAttached(arnOf('alice'), grant.policyArn)).toBe(true)
    expect((await world.events(id)).at(-1)).toBe('drift-removed')
  })
})

const SHARED = 'role/people/operator'
const shared = () =>
  anAccessFile({
    people: [
      aPerson({ id: 'alice', sessions: [{ role: 'role/people/own', session: 'alice' }] }),
      ...['bob', 'carol'].map(id => aPerson({ id, sessions: [{ role: SHARED, session: id }] })),
    ],
  })

describe('the finding of a change by somebody else', () => {
  it.each([
    ['the user of a person', { userName: 'alice', policyArn: ADMINISTRATORS }, 'alice', 'outside-change of alice'],
    ['the role of one person', { roleName: 'own', policyArn: ADMINISTRATORS }, 'alice', 'outside-change of alice'],
    [
      'the role of several people',
      { roleName: 'operator', policyArn: ADMINISTRATORS },
      `arn:aws:iam::111122223333:${SHARED}`,
      'outside-change of nobody',
    ],
    ['a group of one person', { groupName: 'admins', policyArn: ADMINISTRATORS }, 'alice', 'outside-change of alice'],
    [
      'a group of several people',
      { groupName: 'everybody', policyArn: ADMINISTRATORS },
      'arn:aws:iam::111122223333:group/everybody',
      'outside-change of nobody',
    ],
    ['a policy of the role of one person', { policyArn: TEAM }, 'alice', 'outside-change of alice'],
    ['a grant, for a stranger', { userName: 'eve', policyArn: GRANT }, GRANT, 'outside-change of nobody'],
    [
      'a role of Lapse',
      { roleName: 'Lapse-Applier', policyArn: ADMINISTRATORS },
      'arn:aws:iam::111122223333:role/Lapse-Applier',
      'outside-change of nobody',
    ],
    [
      'a new role among those of Lapse',
      { roleName: 'x', path: '/lapse/' },
      'arn:aws:iam::111122223333:role/lapse/x',
      'outside-change of nobody',
    ],
    [
      'a new policy among the grants',
      { policyName: 'x', path: '/lapse/grant/x/' },
      'arn:aws:iam::111122223333:policy/lapse/grant/x/',
      'outside-change of nobody',
    ],
  ])('ANO-05 is about whom it is of: %s', async (_, parameters, subject, told) => {
    const { handler, listed, teller } = aNote(undefined, shared())

    await handler(aCall('AttachUserPolicy', parameters))

    const alsoAbout = [expect.stringMatching(/^arn:aws:iam::111122223333:/)]
    expect(await listed()).toMatchObject([{ rule: 'outside-change', subject, alsoAbout, count: 1, holds: false }])
    expect(teller.told).toEqual([told])
  })

  it('ANO-05 says what was done, by whom and when', async () => {
    const { handler, listed } = aNote()

    await handler(aCall('AttachUserPolicy', { userName: 'alice', policyArn: ADMINISTRATORS }))

    const detail = `AttachUserPolicy on alice with ${ADMINISTRATORS}, by ${MALLORY.arn}`
    expect((await listed())[0]?.latest).toEqual([{ at: new Date('2027-03-01T10:00:05Z'), detail }])
  })

  it('ANO-05 says which group a person was put into', async () => {
    const { handler, listed } = aNote()

    await handler(aCall('AddUserToGroup', { userName: 'alice', groupName: 'admins' }))

    expect((await listed())[0]?.latest).toMatchObject([
      { detail: `AddUserToGroup on alice with admins, by ${MALLORY.arn}` },
    ])
  })

  it('ANO-05 says which group was given what', async () => {
    const { handler, listed } = aNote()

    await handler(aCall('AttachGroupPolicy', { groupName: 'admins', policyArn: ADMINISTRATORS }))
    await handler(
      aCall('PutGroupPolicy', { groupName: 'admins', policyName: 'x' }, { eventTime: '2027-03-01T10:00:06Z' }),
    )

    expect((await listed())[0]?.latest.map(({ detail }) => detail).toSorted()).toEqual([
      `AttachGroupPolicy on admins with ${ADMINISTRATORS}, by ${MALLORY.arn}`,
      `PutGroupPolicy on admins, by ${MALLORY.arn}`,
    ])
  })

  it('END-06 looks who has it only where that is asked, and what IAM does not say is thrown, so that Lambda tries again', async () => {
    const { handler, looked, sweeps, faults } = aNote()
    const byLapse = { userIdentity: sessionOf('role/lapse/Lapse-Sweep') }

    await handler(aCall('AttachUserPolicy', { userName: 'alice', policyArn: ADMINISTRATORS }))
    await handler(aCall('CreatePolicyVersion', { policyArn: GRANT }))
    await handler(aCall('DetachGroupPolicy', { groupName: 'admins', policyArn: GRANT }, byLapse))
    expect([looked, sweeps]).toEqual([[], ['started', 'started']])

    faults.failNext('iam.holdersOf')
    const event = aCall('PutGroupPolicy', { groupName: 'admins', policyName: 'x' })
    await expect(handler(event)).rejects.toThrow('iam.holdersOf')
    expect(await handler(event)).toEqual({ outcome: 'outside: a person' })
  })

  it('ANO-05 is one for all changes of the same, and for one that is told of twice', async () => {
    const { handler, listed, teller } = aNote()
    const first = aCall('AttachUserPolicy', { userName: 'alice', policyArn: ADMINISTRATORS })
    const second = aCall('DeleteUserPermissionsBoundary', { userName: 'alice' })

    for (const event of [first, first, second, second]) await handler(event)

    expect(await listed()).toMatchObject([{ subject: 'alice', count: 2 }])
    expect(new Set(teller.told)).toEqual(new Set(['outside-change of alice']))
  })

  it.each(['findings.record', 'findings.write', 'teller.tellOpened', 'metrics.count'])(
    'ANO-05 is kept and told when Lambda tries again, if %s failed',
    async call => {
      const { handler, listed, teller, faults, metrics } = aNote()
      const event = aCall('AttachUserPolicy', { userName: 'alice', policyArn: ADMINISTRATORS })
      faults.failNext(call)
      await expect(handler(event)).rejects.toThrow(call)

      await handler(event)

      expect(await listed()).toMatchObject([{ subject: 'alice', count: 1 }])
      expect(teller.told.at(-1)).toBe('outside-change of alice')
      expect(metrics.counts.at(-1)).toEqual({ FindingsOpened: 1 })
    },
  )

  it('ANO-05 holds where the access file says so, and is not there where the rule is off', async () => {
    const event = aCall('AttachUserPolicy', { userName: 'alice', policyArn: ADMINISTRATORS })
    const holding = aNote(undefined, anAccessFile({ findings: { rules: { 'outside-change': { holds: true } } } }))
    const off = aNote(undefined, anAccessFile({ findings: { rules: { 'outside-change': { isOff: true } } } }))

    await holding.handler(event)
    await off.handler(event)

    expect(await holding.listed()).toMatchObject([{ holds: true }])
    expect(await holding.findings.record('alice')).toMatchObject({ open: [{ holds: true }] })
    expect([await off.listed(), off.sweeps]).toEqual([[], ['started']])
  })
})

describe('an event that is none', () => {
  it.each([
    ['of another service', { ...aCall('AttachUserPolicy', {}), source: 'aws.s3' }],
    ['of a call that changes no rights', aCall('ListUsers', {})],
    [
      'without an id',
      { ...aCall('AttachUserPolicy', {}), detail: { eventName: 'AttachUserPolicy', userIdentity: {} } },
    ],
    ['with an ARN that is none', aCall('AttachUserPolicy', { userName: 'alice', policyArn: 'x\ny' })],
    ['of no account', { ...aCall('AttachUserPolicy', {}), account: 'x' }],
    ['of no instant', aCall('AttachUserPolicy', { userName: 'alice' }, { eventTime: 'yesterday' })],
    ['empty', {}],
  ])('END-06 is refused, and ends in the queue of failures: %s', async (_, event) => {
    const { handler, sweeps } = aNote()

    await expect(handler(event)).rejects.toThrow()
    expect(sweeps).toEqual([])
  })
})
