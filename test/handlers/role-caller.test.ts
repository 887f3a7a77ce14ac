import { describe, expect, it } from '@jest/globals'
import { aSession, DEVELOPER, PINNED, roleAccess, UNPINNED } from '../support/a-role.ts'
import { aWorld } from '../support/world.ts'
import { routesOf } from './routes.ts'

const BODY = { entitlement: 'logs-read', duration: 'PT30M', reason: 'the nightly job is stuck' }
const SESSION_ARN = 'arn:aws:sts::111122223333:assumed-role/developer/alice'

function aHouse(trust = PINNED, boundary?: string) {
  const world = aWorld({ access: roleAccess() })
  const roleId = world.iam.addRole(DEVELOPER, trust, boundary)
  const signed = (userArn = SESSION_ARN, uniqueId = `${roleId}:alice`, body: object = BODY) =>
    routesOf(world).create({ method: 'POST', path: '/requests', body, userArn, uniqueId })
  return { world, roleId, signed }
}

describe('a call signed with the credentials of a role session', () => {
  it('GRA-03 is that of the person whose session it is, with the role’s path, its id and the session', async () => {
    const { world, roleId, signed } = aHouse()

    const { status, body } = await signed()

    expect({ status, body }).toMatchObject({
      status: 202,
      body: { requester: 'alice', principal: DEVELOPER, session: { name: 'alice' } },
    })
    expect((await world.request(String(body.requestId))).principal).toEqual(aSession(roleId))
  })

  it('GRA-03 carries the source identity of the access file into the request', async () => {
    const access = roleAccess()
    const sessions = [{ role: 'role/people/developer', session: 'alice', sourceIdentity: 'alice.aoki' }]
    const people = {
      ...access.people,
      ...(access.people.alice && { alice: { ...access.people.alice, sessions } }),
    }
    const world = aWorld({ access: { ...access, people } })
    const roleId = world.iam.addRole(DEVELOPER, PINNED)

    const { body } = await routesOf(world).create({
      ...{ method: 'POST', path: '/requests', body: BODY },
      ...{ userArn: SESSION_ARN, uniqueId: `${roleId}:alice` },
    })

    expect((await world.request(String(body.requestId))).principal).toEqual(aSession(roleId, 'alice', 'alice.aoki'))
  })

  it.each([
    ['another session name', SESSION_ARN.replace(/alice$/, 'bob'), 'bob'],
    ['the name in another case', SESSION_ARN.replace(/alice$/, 'Alice'), 'Alice'],
    ['a name that begins alike', SESSION_ARN.replace(/alice$/, 'alice2'), 'alice2'],
    ['a role of another name', SESSION_ARN.replace('developer', 'developers'), 'alice'],
    ['the role’s name in another case', SESSION_ARN.replace('developer', 'Developer'), 'alice'],
    ['another account', SESSION_ARN.replace('111122223333', '444455556666'), 'alice'],
    ['a path in the session’s ARN', SESSION_ARN.replace('developer', 'people/developer'), 'alice'],
    ['a federated user of that name', 'arn:aws:sts::111122223333:federated-user/alice', 'alice'],
    ['a caller whose session is another', SESSION_ARN, 'bob'],
    ['a caller without a session', SESSION_ARN, ''],
    ['the role itself', DEVELOPER, 'alice'],
    ['an IAM user of that path', DEVELOPER.replace(':role/', ':user/'), 'alice'],
  ])('GRA-03 is nobody’s with %s', async (_, userArn, session) => {
    const { world, roleId, signed } = aHouse()

    const answer = await signed(userArn, session === '' ? roleId : `${roleId}:${session}`)

    expect(answer).toMatchObject({ status: 403, body: { code: 'unknown-person' } })
    expect(world.store.rows.size).toBe(0)
  })

  it('GRA-03 names itself by the signature alone, whatever the body says', async () => {
    const { world, signed } = aHouse()

    const answer = await signed(undefined, undefined, {
      ...BODY,
      session: 'grace',
      principal: DEVELOPER,
      role: 'admin',
    })

    expect([answer.status, world.store.rows.size]).toEqual([400, 0])
  })

  it('GRA-03 is refused before anybody is asked where the role does not pin the session, and told the condition', async () => {
    const { world, signed } = aHouse(UNPINNED)

    const { status, body } = await signed()

    expect({ status, body }).toMatchObject({
      status: 403,
      body: {
        code: 'session-not-pinned',
        rule: 'iam-principal',
        detail: expect.stringContaining('others could take the session alice'),
        wouldPass: expect.stringContaining('"sts:RoleSessionName"'),
      },
    })
    expect((await world.request(String(body.requestId))).status).toBe('REFUSED')
    expect(world.workflow.started.size).toBe(0)
  })

  it('GRA-03 is refused when the role was made again since the session began', async () => {
    const { world, roleId, signed } = aHouse()
    world.iam.addRole(DEVELOPER, PINNED)

    expect(await signed(SESSION_ARN, `${roleId}:alice`)).toMatchObject({
      status: 403,
      body: { code: 'principal-changed' },
    })
  })

  it('GRA-08 is refused with the names of the boundaries when the role carries none of them', async () => {
    const { world, signed } = aHouse()
    world.deps.boundaries.push('arn:aws:iam::111122223333:policy/ceiling')

    expect(await signed()).toMatchObject({
      status: 403,
      body: { code: 'boundary-missing', wouldPass: expect.stringContaining(':policy/ceiling') },
    })
  })

  it('GRA-08 is let in when the role carries the boundary', async () => {
    const { world, signed } = aHouse(PINNED, 'arn:aws:iam::111122223333:policy/ceiling')
    world.deps.boundaries.push('arn:aws:iam::111122223333:policy/ceiling')

    expect((await signed()).status).toBe(202)
  })
})
