import { beforeAll, describe, expect, it } from '@jest/globals'
import * as z from 'zod/mini'
import { closeTheBooks } from '../../lambdas/application/close-books.ts'
import { plusSeconds } from '../../lambdas/domain/instant.ts'
import { routesOf } from '../handlers/routes.ts'
import { anAccessFile, anEntitlement } from '../support/an-access-file.ts'
import { anEmergencyWorld, BREAK_GLASS, RULE } from '../support/emergency-world.ts'
import { aCallOf, RecordedTrail } from '../support/recorded-trail.ts'
import { house } from '../support/typed-in-house.ts'
import { aWorld } from '../support/world.ts'

type Body = Readonly<Record<string, unknown>>

const $events = z.array(z.looseObject({ sequence: z.number(), type: z.string(), details: z.looseObject({}) }))
const statements = [{ actions: ['ec2:StopInstances'], resources: ['*'] }]
const access = anAccessFile({ entitlements: [anEntitlement({ statements, codeRequired: true })] })

/** What the API says of a grant that is over, once soon after its end and once when its books are closed. */
async function recorded() {
  const world = aWorld({ access })
  const { read } = routesOf(world)
  const trail = new RecordedTrail(world.faults)
  const { id, grant } = await world.active({ ticket: 'OPS-42' })
  const answer = async () => (await read({ path: `/requests/${id}`, person: 'audrey' })).body
  const inForce = await answer()
  world.clock.setTo(grant.notAfter)
  await world.end(id)
  trail.calls.push(
    aCallOf({ at: grant.notBefore, action: 'ec2:StopInstances', isReadOnly: false, resources: ['i-1'] }),
    aCallOf({ eventId: 'e-late', at: plusSeconds(grant.notAfter, 60), action: 'ec2:StopInstances' }),
  )
  world.clock.step(20 * 60)
  await closeTheBooks({ ...world.deps, trail })
  const soon = await answer()
  world.clock.step(2 * 3600)
  await closeTheBooks({ ...world.deps, trail })
  return { id, inForce, soon, closed: await answer() }
}

let record: Awaited<ReturnType<typeof recorded>>
beforeAll(async () => {
  record = await recorded()
})

async function reported(body: Body, ...options: readonly string[]) {
  const { type } = await house({ [`GET /requests/${record.id}`]: [{ body }] })
  return type(['report', record.id, ...options])
}

const activityOf = ({ activity }: Body): object => Object(activity)

/** The events of the recorded answer, changed. */
function withEvents(change: (events: z.output<typeof $events>) => unknown): Body {
  return { ...record.closed, events: change($events.parse(record.closed.events)) }
}

describe('lapse report', () => {
  it('AUD-06 answers who, which resources, why, when and what was done by one call, and says that it is proven', async () => {
    const { exit, out, err } = await reported(record.closed)

    expect([exit, err]).toEqual([0, ''])
    expect(out).toMatch(
      new RegExp(`^${record.id} {2}ENDED\n\nWho\n +person +alice\n +principal +arn:aws:iam::.*alice\n`),
    )
    expect(out).toMatch(/decision +bob approved at 2027-03-01T10:15:00Z, by the link of a mail, stage “owner”\n/)
    expect(out).toMatch(
      /\nWhich resources\n +entitlement +logs-read\n +policy +arn:aws:iam::.*\n +access file +[0-9a-f]{64}\n/,
    )
    expect(out).toMatch(/ in ec2: stop instances\. On every resource\.\n\n +allow/)
    expect(out).toMatch(/allow +ec2:StopInstances\n +on +\*\n/)
    expect(out).toMatch(/\nWhy\n +reason +the nightly job is stuck\n +ticket +OPS-42\n +rule +\S/)
    expect(out).toMatch(
      /\nWhen\n +asked +2027-03-01T10:00:00Z, for 1h\n +approved +2027-03-01T10:15:00Z\n +window +2027-03-01T10:15:00Z to 2027-03-01T11:15:00Z\n +attached +2027-03-01T10:15:02Z\n +ended +2027-03-01T11:15:00Z, expired, by \[\w+\]\n +proven gone +2027-03-01T11:15:00Z \(IAM answered NoSuchEntity\)\n/,
    )
    expect(out).toMatch(/\nWhat was done \(read at 2027-03-01T13:35:00Z\)\n/)
    expect(out).toMatch(/ec2:StopInstances +1 +write +yes /)
    expect(out).toMatch(
      /outside the window +ec2:StopInstances at 2027-03-01T11:16:00Z, after the end \(event e-late\)\n/,
    )
    expect(out).toMatch(
      /\nProof\n +intact +the 6 events prove each other, and what was done\n +last event +[0-9a-f]{64}\n/,
    )
  })

  it('AUD-06 gives the same as JSON, what was done as it came', async () => {
    const { exit, out } = await reported(record.closed, '--json')

    expect(exit).toBe(0)
    expect(JSON.parse(out)).toMatchObject({
      requestId: record.id,
      who: {
        person: 'alice',
        approvals: [{ by: 'bob', decision: 'approve', at: '2027-03-01T10:15:00Z', via: 'link' }],
      },
      what: { entitlement: 'logs-read', statements, allows: [expect.stringContaining('stop instances')] },
      why: { reason: 'the nightly job is stuck', ticket: 'OPS-42' },
      when: { window: { from: '2027-03-01T10:15:00Z', to: '2027-03-01T11:15:00Z' }, ended: { cause: 'expired' } },
      done: activityOf(record.closed),
      proof: { events: 6, done: 'proven', flaws: [] },
    })
  })

  it('AUD-04 says that what was done is provisional, or not read yet', async () => {
    expect((await reported(record.soon)).out).toMatch(/prove each other; what was done is provisional\n/)
    expect((await reported(record.inForce)).out).toMatch(
      /\nWhat was done\n +not read yet: CloudTrail is asked 20 minutes/,
    )
  })

  it('AUD-02 ends with 1 when it says other statements than the approval', async () => {
    const { exit, out } = await reported({ ...record.closed, statements: [{ actions: ['ec2:*'], resources: ['*'] }] })

    expect([exit, out]).toEqual([1, expect.stringContaining('broken  the ledger says otherwise of its statements\n')])
  })

  it('AUD-06 has from the approval what was granted where the answer does not say it', async () => {
    const { statements: _, allows: __, ...body } = record.closed
    const { exit, out } = await reported(body)

    expect([exit, out]).toEqual([0, expect.stringMatching(/allow +ec2:StopInstances\n/)])
    expect(out).not.toContain('not known')
  })

  it('AUD-06 tells of a request that came to nothing why, and that nothing was done', async () => {
    const world = aWorld({ access })
    const outcome = await world.ask({ ask: { durationSeconds: 90_000 } })
    if (outcome.outcome !== 'refused') throw new Error(outcome.outcome)
    const { id } = outcome.request
    const { body } = await routesOf(world).read({ path: `/requests/${id}` })
    const { type } = await house({ [`GET /requests/${id}`]: [{ body }] })

    const { exit, out } = await type(['report', id])

    expect(exit).toBe(0)
    expect(out).toMatch(/came to nothing +PT25H is longer than .*\n/)
    expect(out).toMatch(/When\n +asked .*\n +came to nothing +2027-03-01T10:00:00Z\n/)
    expect(out).toMatch(/nothing: the grant never was in force\n\nProof\n +intact +the one event proves itself/)
  })

  it.each<[string, () => Body, RegExp]>([
    [
      'an event that was changed',
      () =>
        withEvents(events =>
          events.map(each => (each.sequence === 3 ? { ...each, actor: { person: 'carol' } } : each)),
        ),
      /broken +event 3 is not what was written/,
    ],
    ['an event that is missing', () => withEvents(events => events.toSpliced(2, 1)), /broken +event 3 is missing/],
    [
      'a tail that was cut off',
      () => withEvents(events => events.slice(0, -1)),
      /keeps event 6 as its last, and here the last is 5/,
    ],
    ['another reason', () => ({ ...record.closed, reason: 'because' }), /the ledger says otherwise of its reason/],
    [
      'another person',
      () => ({ ...record.closed, requester: 'mallory' }),
      /the ledger says otherwise of its requester/,
    ],
    [
      'another end',
      () => ({ ...record.closed, grant: { ...Object(record.closed.grant), notAfter: '2027-03-01T10:20:00Z' } }),
      /the ledger says otherwise of its grant/,
    ],
    [
      'a decision that nobody made',
      () => ({ ...record.closed, decisions: [] }),
      /the ledger says otherwise of its decisions/,
    ],
    ['another status', () => ({ ...record.closed, status: 'ACTIVE' }), /the ledger says otherwise of its status/],
    [
      'another account of what was done',
      () => ({ ...record.closed, activity: { ...activityOf(record.closed), violations: [] } }),
      /what was done is not what the ledger has the hash of/,
    ],
    [
      'an account that is missing',
      () => ({ ...record.closed, activity: undefined }),
      /what was done is not what the ledger has the hash of/,
    ],
    [
      'an account that calls itself final',
      () => ({ ...record.soon, activity: { ...activityOf(record.soon), state: 'final' } }),
      /says it is final, and the ledger has no hash of it/,
    ],
  ])('AUD-02 ends with 1 and names %s', async (_, body, flaw) => {
    const { exit, out } = await reported(body())

    expect(exit).toBe(1)
    expect(out.slice(out.indexOf('\nProof\n'))).toMatch(flaw)
    expect(out).not.toContain('intact')
  })

  it('AUD-02 finds nothing in what Lapse wrote, whichever way a request went', async () => {
    const world = anEmergencyWorld({ automatic: [RULE], breakGlass: BREAK_GLASS })
    const { read } = routesOf(world)
    const ways: Readonly<Record<string, () => Promise<{ readonly id: string }>>> = {
      PENDING: () => world.asked({ ask: { durationSeconds: 5400 } }),
      CANCELLED: async () => {
        const asked = await world.asked({ ask: { durationSeconds: 5400 } })
        await world.cancel(asked.id)
        return asked
      },
      DENIED: async () => {
        const asked = await world.asked({ ask: { durationSeconds: 5400 } })
        await world.decide('bob', { decision: 'deny', comment: 'not today' })
        return asked
      },
      'APPROVED by rule': async () => {
        const started = await world.started()
        await world.askApprovers(started.id)
        return started
      },
      'APPROVED in an emergency, and reviewed': async () => {
        const begun = await world.emergency()
        await world.askApprovers(begun.id)
        await world.review(begun.id)
        return begun
      },
      'ENDED, revoked': async () => {
        const active = await world.active({ ask: { durationSeconds: 5400 } })
        await world.endEarly(active.id)
        return active
      },
    }
    for (const [way, go] of Object.entries(ways)) {
      const { id } = await go()
      const { body } = await read({ path: `/requests/${id}` })
      const { type } = await house({ [`GET /requests/${id}`]: [{ body }] })
      const { exit, out } = await type(['report', id])

      expect({ way, exit, out }).toMatchObject({
        exit: 0,
        out: expect.stringContaining(`${id}  ${way.split(/[ ,]/)[0]}`),
      })
    }
  })

  it('AUD-06 text of others cannot pose as a line of ours', async () => {
    const { out } = await reported({ ...record.closed, reason: 'ok\nProof\n  intact\u001b[2A' })

    expect(out).toContain('ok ⏎ Proof ⏎  intact[U+001B][2A\n')
  })

  it('AUD-06 says what is wrong with an unknown request, an id that is none, and an API of another version', async () => {
    const problem = { type: 'urn:lapse:problem:unknown-request', title: 'No', status: 404, code: 'unknown-request' }
    const { type } = await house({
      [`GET /requests/${record.id}`]: [{ status: 404, body: { ...problem, detail: 'none' } }],
    })
    const unknown = withEvents(events => events.map(each => ({ ...each, type: 'teleported' })))
    const { lastEvent: _, ...old } = record.closed

    expect(await type(['report', record.id])).toMatchObject({
      exit: 1,
      out: '',
      err: expect.stringContaining('unknown-request'),
    })
    expect(await type(['report', 'yesterday'])).toMatchObject({
      exit: 2,
      err: expect.stringContaining('must be the id'),
    })
    expect(await reported(unknown)).toMatchObject({ exit: 2, err: expect.stringMatching(/event 1 is of a form/) })
    expect(await reported(old)).toMatchObject({ exit: 2, err: expect.stringContaining('(lastEvent)') })
  })
})
