import { describe, expect, it } from '@jest/globals'
import type { TrustPolicy } from '../../lambdas/domain/trust-policy.ts'
import { DEVELOPER, PINNED, UNPINNED } from '../support/a-role.ts'
import { aPerson } from '../support/an-access-file.ts'
import { aWorld, worldAccess } from '../support/world.ts'
import { routesOf } from './routes.ts'

const BY_SOURCE: TrustPolicy = {
  statements: PINNED.statements.map(one => ({
    ...one,
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a policy variable of IAM
    conditions: { StringEquals: { 'sts:SourceIdentity': ['${aws:username}'] } },
  })),
}

describe('a decision signed with the credentials of a role session', () => {
  /** Bob approves as a session of a role that Alice may assume too. */
  async function asked(trust = PINNED) {
    const sessions = [{ role: 'role/people/developer', session: 'bob', sourceIdentity: 'bob' }]
    const access = worldAccess()
    const bob = aPerson({ id: 'bob', principals: [], sessions })
    const world = aWorld({ access: { ...access, people: { ...access.people, bob } } })
    const roleId = world.iam.addRole(DEVELOPER, trust)
    const { id } = await world.asked()
    const { sign, read } = routesOf(world)
    const as = {
      userArn: 'arn:aws:sts::111122223333:assumed-role/developer/bob',
      uniqueId: `${roleId}:bob`,
    }
    const { seen } = (await read({ path: `/requests/${id}`, ...as })).body
    const decide = () =>
      sign({ method: 'POST', path: `/requests/${id}/decision`, body: { decision: 'approve', seen }, ...as })
    return { world, id, decide }
  }

  it('APP-09 GRA-03 counts where the role’s trust policy lets nobody else have the name', async () => {
    const { world, id, decide } = await asked()

    expect((await decide()).status).toBe(200)
    expect((await world.request(id)).status).toBe('APPROVED')
  })

  it.each([
    ['any name', UNPINNED],
    ['the source identity alone', BY_SOURCE],
  ])('APP-09 GRA-03 does not count where the role pins %s: the requester could have signed it', async (_, trust) => {
    const { world, id, decide } = await asked(trust)

    expect(await decide()).toMatchObject({ status: 403, body: { code: 'session-not-pinned' } })
    expect((await world.request(id)).status).toBe('PENDING')
  })

  it('APP-09 GRA-03 does not count when the role was made again since', async () => {
    const { world, id, decide } = await asked()
    world.iam.addRole(DEVELOPER, PINNED)

    expect(await decide()).toMatchObject({ status: 403, body: { code: 'principal-changed' } })
    expect((await world.request(id)).status).toBe('PENDING')
  })
})
