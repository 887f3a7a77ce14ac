import { describe, expect, it } from '@jest/globals'
import { plusSeconds, toInstant } from '../../lambdas/domain/instant.ts'
import { verdictOf } from '../support/simulate.ts'
import { aWorld, type World } from '../support/world.ts'

const HOUR = 3600
const MINUTE = 60

/** Whether Alice reads the logs by one policy as IAM has it now: attached to her, and its document lets her. */
async function reads(world: World, policyArn: string): Promise<boolean> {
  const [principal = ''] = world.iam.attachmentsOf(policyArn).map(entity => entity.replace('user ', ''))
  const user = world.iam.users.get(principal)
  if (!user) throw new Error(`nobody has ${policyArn}`)
  const verdict = await verdictOf({
    principal,
    action: 's3:GetObject',
    resource: 'arn:aws:s3:::prod-logs/today',
    document: await world.iam.document(policyArn),
    context: { 'aws:CurrentTime': toInstant(world.clock.now()), 'aws:userid': user.uniqueId },
  })
  return verdict === 'Allowed'
}

/** Grants of Alice in force, none of which any workflow ends. */
async function grantsInForce(world: World) {
  const grants = []
  for (const durationSeconds of [300, 600, 1800, 3000, HOUR]) {
    grants.push(await world.active({ ask: { durationSeconds } }))
  }
  return grants
}

/** The longest that any of these policies gave access after its end, looked at each minute of an hour and around every end. */
async function overrunSeconds(world: World, grants: Awaited<ReturnType<typeof grantsInForce>>): Promise<number> {
  const begins = world.clock.now()
  const minutes = Array.from({ length: 2 * MINUTE }, (_, minute) => plusSeconds(begins, minute * MINUTE))
  const ends = grants.flatMap(({ grant }) => [-1, 0, 1].map(edge => plusSeconds(grant.notAfter, edge)))
  const looks = [...minutes, ...ends].sort((one, other) => one.getTime() - other.getTime())
  let overrun = 0
  for (const look of looks) {
    world.clock.setTo(look)
    for (const { grant } of grants) {
      const after = (look.getTime() - grant.notAfter.getTime()) / 1000
      const isAllowed = await reads(world, grant.policyArn)
      if (after < 0) expect([toInstant(look), isAllowed]).toEqual([toInstant(look), look >= grant.notBefore])
      else if (isAllowed) overrun = Math.max(overrun, after + 1)
    }
  }
  return overrun
}

describe('with the workflow and the sweep dead for more than an hour', () => {
  it('END-02 FI-7: nobody has access for a second after the end, and the first sweep afterwards closes everything', async () => {
    const world = aWorld()
    const grants = await grantsInForce(world)

    expect(await overrunSeconds(world, grants)).toBe(0)

    for (const { id, grant } of grants) {
      expect((await world.request(id)).status).toBe('ACTIVE')
      expect(world.iam.attachmentsOf(grant.policyArn)).toHaveLength(1)
    }
    expect((await world.sweep()).map(({ what }) => what)).toEqual(grants.map(() => 'ended'))
    for (const { id } of grants) {
      expect((await world.request(id)).ending).toMatchObject({ cause: 'expired', receipt: { detached: 1 } })
      expect((await world.events(id)).slice(-2)).toEqual(['activated', 'ended'])
    }
    expect(world.iam.policies.size).toBe(0)
    expect(await world.sweep()).toEqual([])
  }, 30_000)

  it('END-02 FI-7: without the fence the same look finds the whole time as overrun', async () => {
    const world = aWorld()
    const document = world.iam.document.bind(world.iam)
    const grants = await grantsInForce(world)
    world.iam.document = async arn =>
      JSON.parse(JSON.stringify(await document(arn)).replace(/"DateLessThan":{[^}]*},?/g, ''))

    expect(await overrunSeconds(world, grants)).toBeGreaterThan(HOUR)
  }, 30_000)
})
