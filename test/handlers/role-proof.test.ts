import { describe, expect, it } from '@jest/globals'
import type { TrustPolicy } from '../../lambdas/domain/trust-policy.ts'
import { createHandler as openReview } from '../../lambdas/handlers/open-review/handler.ts'
import { createHandler as readReviews } from '../../lambdas/handlers/read-reviews/handler.ts'
import { DEVELOPER, PINNED, UNPINNED } from '../support/a-role.ts'
import { anAccessFile, anEntitlement, aPerson, CAST } from '../support/an-access-file.ts'
import type { CallOverrides } from '../support/api-event.ts'
import { InMemoryReportStore } from '../support/in-memory-report-store.ts'
import { InMemoryReviewStarter, InMemoryReviewStore } from '../support/in-memory-review-store.ts'
import { repositoryFiles } from '../support/source-files.ts'
import { aWorld } from '../support/world.ts'
import { type Answer, loggerInto, type Route, routeOver, routesOf } from './routes.ts'

/** Pins who the human is, and leaves them the name: enough for a grant, which is fenced to the identity, and no proof of who calls. */
const BY_SOURCE: TrustPolicy = {
  statements: PINNED.statements.map(one => ({
    ...one,
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a policy variable of IAM
    conditions: { StringEquals: { 'sts:SourceIdentity': ['${aws:username}'] } },
  })),
}

/** Everybody of the cast is an IAM user, and also a session of one role under their own name. */
function aHouse(trust = PINNED) {
  const people = CAST.map(id => {
    const sessions = [{ role: 'role/people/developer', session: id, sourceIdentity: id }]
    return aPerson({ id, sessions })
  })
  const world = aWorld({ access: anAccessFile({ people, entitlements: [anEntitlement({ codeRequired: true })] }) })
  const roleId = world.iam.addRole(DEVELOPER, trust)
  const [reviews, starter, logger] = [new InMemoryReviewStore(), new InMemoryReviewStarter(), loggerInto([])]
  const routes = {
    ...routesOf(world),
    openReview: routeOver(openReview({ ...world.deps, reviews, starter }), logger),
    reviews: routeOver(readReviews({ ...world.deps, reviews, reports: new InMemoryReportStore() }), logger),
  }
  const as = (person: string) => ({
    userArn: `arn:aws:sts::111122223333:assumed-role/developer/${person}`,
    uniqueId: `${roleId}:${person}`,
  })
  /** All that a call could change: requests and their events, reviews, freeze, IAM. */
  const state = async () =>
    structuredClone({
      rows: world.store.rows,
      policies: world.iam.policies,
      freeze: await world.freezes.current(),
      reviews: await reviews.list(),
      started: starter.started,
    })
  return { world, routes, as, state }
}

type House = ReturnType<typeof aHouse>

interface Case {
  readonly does: string
  readonly person: string
  readonly route: (house: House) => Route
  readonly call: (house: House) => Promise<CallOverrides>
}

const POST = { method: 'POST' } as const
const FROZEN = { by: 'adam', at: new Date('2027-03-01T10:00:00Z'), reason: 'an intruder' }

const NEEDING_PROOF: readonly Case[] = [
  {
    does: 'POST /requests/{id}/cancel',
    person: 'alice',
    route: ({ routes }) => routes.cancel,
    call: async ({ world }) => ({ ...POST, path: `/requests/${(await world.asked()).id}/cancel` }),
  },
  {
    does: 'POST /requests/{id}/end',
    person: 'alice',
    route: ({ routes }) => routes.end,
    call: async ({ world }) => ({ ...POST, path: `/requests/${(await world.active()).id}/end` }),
  },
  {
    does: 'POST /requests/{id}/revoke',
    person: 'adam',
    route: ({ routes }) => routes.revoke,
    call: async ({ world }) => ({ ...POST, path: `/requests/${(await world.active()).id}/revoke` }),
  },
  {
    does: 'POST /freeze',
    person: 'adam',
    route: ({ routes }) => routes.freeze,
    call: async ({ world }) => {
      await world.active()
      return { ...POST, path: '/freeze', body: { reason: 'an intruder' } }
    },
  },
  {
    does: 'DELETE /freeze',
    person: 'adam',
    route: ({ routes }) => routes.freeze,
    call: async ({ world }) => {
      await world.freezes.freeze(FROZEN)
      return { method: 'DELETE', path: '/freeze' }
    },
  },
  {
    does: 'GET /requests of everybody, by an administrator',
    person: 'adam',
    route: ({ routes }) => routes.list,
    call: async ({ world }) => {
      await world.asked()
      return { path: '/requests' }
    },
  },
  {
    does: 'GET /requests of another, by an auditor',
    person: 'audrey',
    route: ({ routes }) => routes.list,
    call: async ({ world }) => {
      await world.asked()
      return { path: '/requests?requester=alice' }
    },
  },
  {
    does: 'GET /requests/{id} of another, by an auditor',
    person: 'audrey',
    route: ({ routes }) => routes.read,
    call: async ({ world }) => ({ path: `/requests/${(await world.asked()).id}` }),
  },
  {
    does: 'GET /requests/{id} of another, by its approver',
    person: 'bob',
    route: ({ routes }) => routes.read,
    call: async ({ world }) => ({ path: `/requests/${(await world.asked()).id}` }),
  },
  {
    does: 'POST /reviews',
    person: 'audrey',
    route: ({ routes }) => routes.openReview,
    call: async () => ({ ...POST, path: '/reviews', body: { period: '2026-Q4' } }),
  },
  {
    does: 'GET /reviews',
    person: 'adam',
    route: ({ routes }) => routes.reviews,
    call: async () => ({ path: '/reviews' }),
  },
]

const UNPROVEN = [
  { why: 'lets others have the name', trust: UNPINNED },
  { why: 'pins the source identity alone', trust: BY_SOURCE },
]

describe.each(NEEDING_PROOF)('$does', ({ person, route, call }) => {
  it.each(UNPROVEN)('GRA-03 does nothing for a session of a role that $why', async ({ trust }) => {
    const house = aHouse(trust)
    const called = { ...(await call(house)), ...house.as(person) }
    const before = await house.state()

    const answer = await route(house)(called)

    expect(answer).toMatchObject({ status: 403, body: { code: 'session-not-pinned' } })
    expect(await house.state()).toEqual(before)
  })

  it('GRA-03 does nothing for a session that began before the role was made again', async () => {
    const house = aHouse()
    const called = { ...(await call(house)), ...house.as(person) }
    const before = await house.state()
    house.world.iam.addRole(DEVELOPER, PINNED)

    expect(await route(house)(called)).toMatchObject({ status: 403, body: { code: 'principal-changed' } })
    expect(await house.state()).toEqual(before)
  })

  it('GRA-03 does nothing for a session while IAM does not say who may have it', async () => {
    const house = aHouse()
    const called = { ...(await call(house)), ...house.as(person) }
    const before = await house.state()
    house.world.faults.failNext('GetRole', Infinity)

    expect(await route(house)(called)).toMatchObject({ status: 500, body: { code: 'internal' } })
    expect(await house.state()).toEqual(before)
  })

  it('GRA-03 is done for a session of a role that pins the name, and for an IAM user without a look at IAM', async () => {
    const bySession = aHouse()
    const call1 = { ...(await call(bySession)), ...bySession.as(person) }
    expect((await route(bySession)(call1)).status).toBeLessThan(300)

    const byUser = aHouse()
    const call2 = { ...(await call(byUser)), person }
    byUser.world.faults.reset()
    expect((await route(byUser)(call2)).status).toBeLessThan(300)
    expect(byUser.world.faults.calls.filter(name => name === 'GetRole' || name === 'GetUser')).toEqual([])
  })
})

describe('what a session sees that proves nothing', () => {
  it('GRA-03 is its own: the request by its id, and the list of its own', async () => {
    const { world, routes, as } = aHouse(BY_SOURCE)
    const { id } = await world.asked()
    const listed = (answer: Answer) => answer.body.requests

    expect((await routes.read({ path: `/requests/${id}`, ...as('alice') })).status).toBe(200)
    expect(listed(await routes.list({ path: '/requests', ...as('alice') }))).toMatchObject([{ requestId: id }])
    expect(listed(await routes.list({ path: '/requests?requester=adam', ...as('adam') }))).toEqual([])
  })

  it('GRA-03 is the same of a request that is not there as of one of another', async () => {
    const { world, routes, as } = aHouse(UNPINNED)
    const { id } = await world.asked()
    const answers = [id, '01JQ0000000000000000000000'].map(one =>
      routes.read({ path: `/requests/${one}`, ...as('adam') }),
    )

    const [there, gone] = await Promise.all(answers)

    expect(there).toEqual(gone)
  })

  it('GRA-03 is not whose it would have to be: who is no administrator is told that first', async () => {
    const { world, routes, as } = aHouse(UNPINNED)
    world.faults.reset()

    for (const [route, code] of [
      [routes.freeze, 'not-an-administrator'],
      [routes.reviews, 'not-an-auditor'],
      [routes.openReview, 'not-an-auditor'],
    ] as const) {
      expect(await route({ ...POST, ...as('dave') })).toMatchObject({ status: 403, body: { code } })
    }
    expect(world.faults.calls).toEqual([])
  })
})

/** Signed routes that take the caller's word, and why that is enough. */
const UNPROVEN_BY_DESIGN: Readonly<Record<string, string>> = {
  'create-request':
    'judged within: a session that others could have is refused, and a grant is fenced to whom the role pins',
  'extend-request': 'the same',
  'preview-request': 'records nothing, shows what the access file would say to the caller',
  'list-entitlements': 'changes nothing, shows what the caller may ask for',
  'list-requests': 'proves who wants to see more than their own',
  'read-request': 'proves who wants to see what is not their own',
}

describe('the handlers of signed routes', () => {
  const handlers = repositoryFiles('lambdas/handlers').filter(({ path }) => path.endsWith('/handler.ts'))
  const folderOf = (path: string) => path.split('/').at(-2) ?? ''

  it('GRA-03 take their caller proven, but for those that say why not', () => {
    const unproven = handlers
      .filter(({ text }) => /\b(?:callerOf|adminOf)\(/.test(text))
      .map(({ path }) => folderOf(path))

    expect(unproven.sort()).toEqual(Object.keys(UNPROVEN_BY_DESIGN).sort())
  })

  it('GRA-03 are found at all', () => {
    const proven = handlers.filter(({ text }) => /\bproven(?:Caller|Admin|Auditor)Of\(/.test(text))

    expect(proven.map(({ path }) => folderOf(path))).toEqual(
      expect.arrayContaining(['decide-request', 'review-request', 'freeze-access', 'revoke-request', 'open-review']),
    )
  })
})
