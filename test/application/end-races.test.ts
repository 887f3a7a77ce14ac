import { beforeAll, describe, expect, it } from '@jest/globals'
import { endEarly } from '../../lambdas/application/end-early.ts'
import { plusSeconds } from '../../lambdas/domain/instant.ts'
import type { Grant, Request } from '../../lambdas/domain/request.ts'
import { interleave, type Schedule, schedulesOf } from '../support/interleaving.ts'
import { aWorld, type World } from '../support/world.ts'

interface Scene {
  readonly world: World
  readonly approved: Request & { readonly grant: Grant }
}

const ENDERS: Readonly<Record<string, (scene: Scene) => Promise<unknown>>> = {
  revoke: ({ world, approved }) => endEarly(world.deps, approved, { by: 'adam', cause: 'revoked' }),
  freeze: ({ world }) => world.freeze(),
  'sweep under a freeze': async ({ world }) => {
    await world.freezes.freeze({ by: 'adam', at: world.clock.now(), reason: 'an intruder' })
    await world.sweep()
  },
}

async function aScene(): Promise<Scene> {
  const world = aWorld()
  const approved = await world.approved()
  world.clock.step(2)
  world.faults.reset()
  return { world, approved }
}

/** The workflow after the approval; what fails falls to the removal. */
async function workflow({ world, approved: { id } }: Scene): Promise<unknown> {
  try {
    await world.issue(id)
    return await world.attach(id)
  } catch {
    return world.end(id)
  }
}

async function callsOf(work: (scene: Scene) => Promise<unknown>, isInForce = false): Promise<number> {
  const scene = await aScene()
  if (isInForce) await workflow(scene)
  scene.world.faults.reset()
  await work(scene)
  return scene.world.faults.calls.length
}

/** Looks at IAM at the very moment a receipt is written: who has the policy then? */
function watchReceipts({ world }: Scene) {
  const untrue: string[] = []
  const commit = world.store.commit.bind(world.store)
  world.store.commit = async (transition, usedLink) => {
    const outcome = await commit(transition, usedLink)
    const receipt = transition.from.ending ? undefined : transition.to.ending?.receipt
    if (outcome === 'won' && receipt) untrue.push(...world.iam.attachmentsOf(receipt.policyArn))
    return outcome
  }
  return untrue
}

async function schedulesAgainst(ender: keyof typeof ENDERS): Promise<readonly Schedule[]> {
  const end = ENDERS[ender]
  if (!end) throw new Error(`no ender ${ender}`)
  return schedulesOf(await callsOf(workflow), await callsOf(end, true))
}

interface Race {
  readonly schedule: Schedule
  /** Whether the ender said that the grant is ended. */
  readonly isEnded: boolean
  readonly isAttached: boolean
  readonly isThere: boolean
  readonly untrue: readonly string[]
  readonly policiesLeft: number
  /** `ENDED revoked: activated ended`, once everybody has looked again. */
  readonly life: string
}

async function raced(ender: string, schedule: Schedule): Promise<Race> {
  const scene = await aScene()
  const { world, approved } = scene
  const { id, grant } = approved
  const untrue = watchReceipts(scene)
  await interleave(world.faults, { a: () => workflow(scene), b: async () => ENDERS[ender]?.(scene) }, schedule)
  const isAttached = world.iam.attachmentsOf(grant.policyArn).length > 0
  const isThere = world.iam.policies.has(grant.policyArn)
  const isEnded = ['ENDED', 'FAILED'].includes((await world.request(id)).status)
  // The workflow sleeps until the end and looks again; so does the sweep.
  world.clock.setTo(plusSeconds(grant.notAfter, 60))
  await world.sweep()
  await world.end(id)
  const { status, ending } = await world.request(id)
  const life = `${status} ${ending?.cause}: ${(await world.events(id)).slice(3).join(' ')}`
  return { schedule, isEnded, isAttached, isThere, untrue, policiesLeft: world.iam.policies.size, life }
}

const inShort = (races: readonly Race[]) => ({ times: races.length, first: races[0] })
const NONE = { times: 0, first: undefined }

describe.each(Object.keys(ENDERS))('a %s while a grant is put in force', ender => {
  const races: Race[] = []

  beforeAll(async () => {
    for (const schedule of await schedulesAgainst(ender)) races.push(await raced(ender, schedule))
  }, 60_000)

  it('END-04 leaves nothing attached that it says is ended, and no policy when everybody has looked again', () => {
    expect(races.length).toBeGreaterThan(600)
    expect(inShort(races.filter(({ isEnded, isAttached }) => isEnded && isAttached))).toEqual(NONE)
    expect(inShort(races.filter(({ policiesLeft }) => policiesLeft > 0))).toEqual(NONE)
  })

  it('END-04 leaves a ledger that is whole and in order, with the cause it was ended for', () => {
    // A sweep that looked too early leaves a grant that came into force to the next one; here that is the one at its end.
    const cause = ender.startsWith('sweep') ? '(?:frozen|expired)' : '(?:revoked|frozen)'
    const steps = '(?:activated )?(?:end-ordered )?ended'
    const possible = new RegExp(
      `^(?:ENDED ${cause}: ${steps}|FAILED undefined: (?:end-ordered )?failed)(?: second-look)?$`,
    )

    expect([...new Set(races.map(({ life }) => life))].filter(life => !possible.test(life))).toEqual([])
  })

  // A sweep may have looked before there was anything; the next one sees it. People are answered at once.
  if (!ender.startsWith('sweep')) {
    it('END-04 has ended it when it answers, at every point between the calls of both', () => {
      expect(inShort(races.filter(({ isEnded }) => !isEnded))).toEqual(NONE)
    })
  }

  it('END-01 writes no receipt while anybody has the policy, and a policy made at that moment is gone when it answers', () => {
    expect(inShort(races.filter(({ untrue }) => untrue.length > 0))).toEqual(NONE)
    expect(inShort(races.filter(({ isEnded, isThere }) => isEnded && isThere))).toEqual(NONE)
  })
})

describe('a grant that several end at once', () => {
  it('END-06 is not said to be attached again after its end', async () => {
    const wrong: Schedule[] = []
    for (const schedule of schedulesOf(await callsOf(workflow), 9)) {
      const scene = await aScene()
      const { world, approved } = scene
      await workflow(scene)
      world.clock.setTo(approved.grant.notAfter)
      const b = () => endEarly(world.deps, { ...approved, status: 'ACTIVE' }, { by: 'adam', cause: 'revoked' })
      await interleave(world.faults, { a: () => world.end(approved.id), b }, schedule)
      if ((await world.events(approved.id)).includes('second-look')) wrong.push(schedule)
    }
    expect({ times: wrong.length, first: wrong[0] }).toEqual(NONE)
  }, 60_000)
})
