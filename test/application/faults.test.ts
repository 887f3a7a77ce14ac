import { describe, expect, it } from '@jest/globals'
import { GrantRefusedError } from '../../lambdas/domain/errors.ts'
import type { Moment } from '../support/faults.ts'
import { aWorld, type World } from '../support/world.ts'

const REMOVAL = new Set(['GetPolicy', 'ListEntitiesForPolicy', 'DetachPolicy', 'DeletePolicyVersion', 'DeletePolicy'])
const OF_MAIL = 'announcer.announce'

interface Scene {
  readonly world: World
  readonly id: string
  readonly notAfter: Date
}

/** Runs a step as its state does: tried again, but not when it says that it is refused. */
async function tried(step: (isRetry: boolean) => Promise<unknown>, most: number): Promise<boolean> {
  for (let attempt = 1; attempt <= most; attempt += 1) {
    try {
      await step(attempt > 1)
      return true
    } catch (error) {
      if (error instanceof GrantRefusedError) return false
    }
  }
  return false
}

/** The workflow after the approval: issue, attach, wait until the end, detach; what fails falls to the removal. */
async function run({ world, id, notAfter }: Scene, attempts: number): Promise<void> {
  const inForce = (await tried(() => world.issue(id), attempts)) && (await tried(() => world.attach(id), attempts))
  if (inForce) world.clock.setTo(notAfter)
  // The sweep never gives up either: whatever the last state leaves is tried until it is proven.
  if (await tried(isRetry => world.end(id, isRetry), attempts)) return
  world.faults.heal()
  await world.end(id, true)
}

async function anApproved(): Promise<Scene> {
  const world = aWorld()
  const { id, grant } = await world.approved()
  world.faults.reset()
  return { world, id, notAfter: grant.notAfter }
}

async function callsOfACleanRun(): Promise<readonly string[]> {
  const scene = await anApproved()
  await run(scene, 1)
  return [...scene.world.faults.calls]
}

async function eventsWithoutMails(world: World, id: string): Promise<readonly string[]> {
  world.faults.heal()
  return (await world.events(id)).filter(type => type !== 'mail-failed')
}

const DONE = ['asked', 'approvers-asked', 'approved', 'activated', 'ended']
const FAILED = ['asked', 'approvers-asked', 'approved', 'failed']

describe('a fault at every call', () => {
  it('END-03 FI-2: one fault, before or after it was applied, is repaired by trying again: nothing stays, nothing is lost or doubled', async () => {
    const calls = await callsOfACleanRun()
    expect(calls.length).toBeGreaterThanOrEqual(19)
    for (const moment of ['before', 'after'] satisfies Moment[]) {
      for (const index of calls.keys()) {
        const scene = await anApproved()
        const { world, id } = scene
        world.faults.failAt(index, moment)

        await run(scene, 6)

        expect({ index, moment, left: world.iam.policies.size }).toEqual({ index, moment, left: 0 })
        expect({ index, moment, events: await eventsWithoutMails(world, id) }).toEqual({ index, moment, events: DONE })
      }
    }
  })

  it('END-03 without another try the fault falls to the removal, and still nothing stays', async () => {
    const calls = await callsOfACleanRun()
    for (const moment of ['before', 'after'] satisfies Moment[]) {
      for (const index of calls.keys()) {
        const scene = await anApproved()
        const { world, id } = scene
        world.faults.failAt(index, moment)

        await run(scene, 1)

        const events = await eventsWithoutMails(world, id)
        expect({ index, moment, left: world.iam.policies.size }).toEqual({ index, moment, left: 0 })
        expect([DONE, FAILED]).toContainEqual(events)
        const { status } = await world.request(id)
        expect(status).toBe(events.at(-1) === 'ended' ? 'ENDED' : 'FAILED')
      }
    }
  })

  it('END-03 FI-2: two faults anywhere leave nothing', async () => {
    const calls = await callsOfACleanRun()
    for (const first of calls.keys()) {
      for (let second = first + 1; second < calls.length + 2; second += 3) {
        const scene = await anApproved()
        const { world, id } = scene
        world.faults.failAt(first, 'after')
        world.faults.failAt(second, second % 2 === 0 ? 'before' : 'after')

        await run(scene, 6)

        expect(world.iam.policies.size).toBe(0)
        expect(await eventsWithoutMails(world, id)).toEqual(DONE)
      }
    }
  })

  it('END-03 FI-4: IAM failing for good from any call on is repaired as soon as it is back', async () => {
    const calls = await callsOfACleanRun()
    for (const index of calls.keys()) {
      const scene = await anApproved()
      const { world, id } = scene
      world.faults.failFrom(index, call => REMOVAL.has(call) || /^[A-Z]/.test(call))

      await run(scene, 3)

      expect(world.iam.policies.size).toBe(0)
      expect([DONE, FAILED]).toContainEqual(await eventsWithoutMails(world, id))
    }
  })

  it('END-01 a fault during the removal does not change why the grant ended', async () => {
    const calls = await callsOfACleanRun()
    const causes: Record<string, string | undefined> = {}
    for (const moment of ['before', 'after'] satisfies Moment[]) {
      for (const [index, call] of calls.entries()) {
        const scene = await anApproved()
        const { world, id } = scene
        world.faults.failAt(index, moment)
        await run(scene, 6)

        const cause = (await world.request(id)).ending?.cause
        if (cause !== 'expired') causes[`${moment} ${call} (${index})`] = cause
      }
    }
    expect(causes).toEqual({})
  })

  it('NOT-01 the requester hears of the grant and of its end whatever call fails once, but the mail itself', async () => {
    const calls = await callsOfACleanRun()
    const silent: string[] = []
    for (const moment of ['before', 'after'] satisfies Moment[]) {
      for (const [index, call] of calls.entries()) {
        if (call === OF_MAIL) continue
        const scene = await anApproved()
        const { world } = scene
        world.faults.failAt(index, moment)
        await run(scene, 6)

        for (const kind of ['granted', 'ended'] as const) {
          if (world.announcer.of(kind).length === 0) silent.push(`${kind}: ${moment} ${call} (${index})`)
        }
      }
    }
    expect(silent).toEqual([])
  })
})
