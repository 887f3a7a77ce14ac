import { describe, expect, it } from '@jest/globals'
import { attachPolicy } from '../../lambdas/application/attach-policy.ts'
import { endGrant } from '../../lambdas/application/end-grant.ts'
import { issuePolicy } from '../../lambdas/application/issue-policy.ts'
import { sweep } from '../../lambdas/application/sweep.ts'
import { tell, toRequester } from '../../lambdas/application/tell.ts'
import { eventKey } from '../../lambdas/contract/keys.ts'
import { plusSeconds } from '../../lambdas/domain/instant.ts'
import { activate, end, type Transition } from '../../lambdas/domain/lifecycle.ts'
import type { Moment } from '../support/faults.ts'
import { aWorld, type World } from '../support/world.ts'

/** What a mutant changes of the design: the use cases of the workflow, the sweep, or the world below them. */
interface Design {
  readonly below?: (world: World) => void
  readonly issue?: (world: World, id: string) => Promise<unknown>
  readonly attach?: (world: World, id: string) => Promise<unknown>
  readonly end?: (world: World, id: string) => Promise<unknown>
  readonly sweep?: (world: World) => Promise<unknown>
  readonly sweepEverySeconds?: number
}

const REVOKER = { by: { service: 'revoker' }, isRetry: false } as const
const nothing = async function* (): AsyncIterable<string> {}

/** The design with one rule broken, and what that lets through. */
const MUTANTS: Readonly<Record<string, Design & { readonly by: string }>> = {
  'no sweep': { by: 'a policy two hours after the end', sweep: async () => {} },
  'a sweep a day': { by: 'a policy two hours after the end', sweepEverySeconds: 86_400 },
  'a sweep that trusts the table alone': {
    by: 'a policy two hours after the end',
    sweep: world =>
      sweep({
        ...world.deps,
        inventory: { grantPolicies: nothing, look: async () => undefined, detach: async () => {} },
      }),
  },
  'a sweep that looks at IAM alone': {
    by: 'still ACTIVE',
    sweep: world => sweep({ ...world.deps, open: { openRequests: nothing } }),
  },
  'no fence': {
    by: 'access after the end',
    below: world => {
      const create = world.iam.create.bind(world.iam)
      const unfenced = new Map<string, unknown>()
      world.iam.create = policy => {
        unfenced.set(policy.arn, policy.document)
        const Statement = policy.document.Statement.map(statement => ({ ...statement, Condition: {} }))
        return create({ ...policy, document: { ...policy.document, Statement } })
      }
      world.iam.document = async arn => unfenced.get(arn)
    },
  },
  'no intent: the table learns of the grant when it is in force': {
    by: 'no receipt',
    sweep: world => {
      const find = async (id: string) => {
        const request = await world.store.find(id)
        return request?.status === 'APPROVED' ? { ...request, grant: undefined } : request
      }
      const store = Object.assign(Object.create(world.store), { find })
      return sweep({ ...world.deps, store })
    },
  },
  'ACTIVE before it is attached': {
    by: 'ACTIVE without access',
    attach: async (world, id) => {
      const request = await world.granted(id)
      const step = activate(request, world.clock.now())
      await world.store.commit(step)
      await tell(world.deps, id, toRequester(world.access, step.to, 'granted'))
      await world.iam.attach(request.principal.arn, request.grant.policyArn)
    },
  },
  'ENDED before it is removed': {
    by: 'a receipt that is untrue',
    end: async (world, id) => {
      const request = await world.granted(id)
      const { policyArn } = request.grant
      const verifiedAt = world.clock.now()
      if (request.status === 'ACTIVE')
        await world.store.commit(
          end(request, 'expired', { policyArn, verifiedAt, policy: 'NoSuchEntity', detached: 1 }, REVOKER.by),
        )
      await world.iam.remove(policyArn)
    },
  },
  'a removal that is believed and not read back': {
    by: 'a receipt that is untrue',
    below: world => {
      const remove = world.iam.remove.bind(world.iam)
      world.iam.remove = async arn => remove(arn).catch(() => ({ found: true, detached: 1 }))
      world.iam.exists = async () => false
    },
  },
  'what is over gets no second look': {
    by: 'a policy two hours after the end',
    sweep: world => {
      const remove = async (arn: string) => {
        const request = await world.store.find(arn.slice(arn.lastIndexOf('/') + 1))
        return request?.status === 'ENDED' ? { found: false, detached: 0 } : world.iam.remove(arn)
      }
      const { iam } = world
      const takeFrom = (user: string, arn: string) => iam.takeFrom(user, arn)
      const isAttached = (user: string, arn: string) => iam.isAttached(user, arn)
      return sweep({ ...world.deps, policies: { remove, exists: async () => false, takeFrom, isAttached } })
    },
  },
  'state and event in two writes': {
    by: 'a broken ledger',
    below: world => {
      const commit = world.store.commit.bind(world.store)
      world.store.commit = async (transition: Transition, usedLink?: string) => {
        const outcome = await commit(transition, usedLink)
        if (outcome === 'lost') return outcome
        const { pk, sk } = eventKey(transition.event.requestId, transition.event.sequence)
        const row = world.store.rows.get(`${pk} ${sk}`) ?? ''
        world.store.rows.delete(`${pk} ${sk}`)
        await world.faults.around('store.event', () => world.store.rows.set(`${pk} ${sk}`, row))
        return outcome
      }
    },
  },
  'a first failure ends the removal for good': {
    by: 'still ACTIVE',
    below: world => {
      const remove = world.iam.remove.bind(world.iam)
      const failed = new Set<string>()
      world.iam.remove = async arn => {
        if (failed.has(arn)) throw new Error('irrevocable')
        return remove(arn).catch(error => {
          failed.add(arn)
          throw error
        })
      }
    },
  },
}

const attempt = (work: () => Promise<unknown>) =>
  work().then(
    () => true,
    () => false,
  )

/** Whether somebody has the rights of a policy at this instant: it is attached, and its fence lets them through. */
function isEffective(world: World, policyArn: string): boolean {
  const policy = world.iam.policies.get(policyArn)
  if (!policy || policy.attachments.size === 0) return false
  const fence = JSON.stringify(policy.versions.get(policy.defaultVersion)).match(
    /"DateLessThan":\{"aws:CurrentTime":"([^"]+)"/,
  )
  return !fence?.[1] || world.clock.now() < new Date(fence[1])
}

/** A life with something going wrong, and a day of sweeps after it; gives what must not be. */
async function live(design: Design, goWrong: (world: World, notAfter: Date) => void, isRevokedMeanwhile = false) {
  const world = aWorld()
  const { id, grant } = await world.approved()
  const wrong = new Set<string>()
  const { policyArn, notAfter } = grant
  design.below?.(world)
  const commit = world.store.commit.bind(world.store)
  world.store.commit = async (step, usedLink) => {
    const outcome = await commit(step, usedLink)
    const isAttached = world.iam.attachmentsOf(policyArn).length > 0
    if (outcome === 'won' && step.event.type === 'activated' && !isAttached) wrong.add('ACTIVE without access')
    if (outcome === 'won' && step.event.type === 'ended' && isAttached) wrong.add('a receipt that is untrue')
    return outcome
  }
  world.faults.reset()
  goWrong(world, notAfter)

  const issue = design.issue ?? ((_, requestId) => issuePolicy(world.deps, requestId))
  const attach = design.attach ?? ((_, requestId) => attachPolicy(world.deps, requestId))
  const finish = design.end ?? ((_, requestId) => endGrant(world.deps, requestId, REVOKER))
  const look = async () => {
    if (world.clock.now() >= notAfter && isEffective(world, policyArn)) wrong.add('access after the end')
    if (world.clock.now() >= plusSeconds(notAfter, 7200) && world.iam.policies.size > 0)
      wrong.add('a policy two hours after the end')
  }
  if (isRevokedMeanwhile) {
    // The issue passed its checks, and its call to IAM comes after the revoke; then its process dies.
    const policies = {
      ...world.iam,
      document: world.iam.document.bind(world.iam),
      create: async () => 'created' as const,
    }
    await attempt(() => issuePolicy({ ...world.deps, policies }, id))
    await attempt(() => world.endEarly(id))
    await world.iam.create({ arn: policyArn, document: { Version: '2012-10-17', Statement: [] }, tags: {} })
  } else if ((await attempt(() => issue(world, id))) && (await attempt(() => attach(world, id)))) {
    world.clock.setTo(notAfter)
    await attempt(() => finish(world, id))
  }
  const every = design.sweepEverySeconds ?? 300
  let sinceSweep = 0
  for (let minutes = 0; minutes < 300; minutes += 5) {
    world.clock.step(300)
    sinceSweep += 300
    if (sinceSweep >= every) {
      sinceSweep = 0
      await attempt(() => (design.sweep ?? (() => sweep(world.deps)))(world))
    }
    await look()
  }
  world.faults.heal()
  const { status, ending } = await world.request(id)
  if (status !== 'ENDED' && status !== 'FAILED') wrong.add(`still ${status}`)
  if (status === 'FAILED' && !ending) wrong.add('no receipt')
  const events = await world.events(id).catch(() => undefined)
  if (!events) wrong.add('a broken ledger')
  return wrong
}

/** Every thing that goes wrong, one in each life. */
async function violationsOf(design: Design): Promise<readonly string[]> {
  const wrong = new Set<string>()
  const note = (found: ReadonlySet<string>) => found.forEach(one => void wrong.add(one))
  for (const moment of ['before', 'after'] satisfies Moment[])
    for (let index = 0; index < 26; index += 1) note(await live(design, ({ faults }) => faults.failAt(index, moment)))
  for (let index = 0; index < 26; index += 5)
    note(
      await live(design, world => {
        const back = plusSeconds(world.clock.now(), 2700)
        world.faults.failFrom(index, call => /^[A-Z]/.test(call) && world.clock.now() < back)
      }),
    )
  // IAM away from just before the end for 45 minutes, and a detachment denied for an hour.
  for (const [fits, seconds] of [
    [/^[A-Z]/, 2700],
    [/^DetachPolicy/, 3600],
  ] as const)
    note(
      await live(design, (world, notAfter) => {
        const isDown = () => world.clock.now() >= notAfter && world.clock.now() < plusSeconds(notAfter, seconds)
        world.faults.failFrom(0, call => fits.test(call) && isDown())
      }),
    )
  note(await live(design, () => {}, true))
  return [...wrong]
}

describe('the design', () => {
  it('END-02 FI-22: as it is lets nothing through, whatever goes wrong once', async () => {
    expect(await violationsOf({})).toEqual([])
  }, 60_000)

  it.each(Object.entries(MUTANTS))(
    'END-02 FI-22: is needed as it is: %s is caught',
    async (_name, { by, ...design }) => {
      expect(await violationsOf(design)).toContain(by)
    },
    60_000,
  )
})
