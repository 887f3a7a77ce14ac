import { beforeEach, describe, expect, it } from '@jest/globals'
import { closeTheBooks } from '../../lambdas/application/close-books.ts'
import { activityHash } from '../../lambdas/domain/activity/activity.ts'
import { plusSeconds } from '../../lambdas/domain/instant.ts'
import { anAccessFile, anEntitlement } from '../support/an-access-file.ts'
import { aCallOf, RecordedTrail } from '../support/recorded-trail.ts'
import { aWorld } from '../support/world.ts'

const MINUTE = 60
const HOUR = 3600
const ON_CALL = anEntitlement({
  statements: [
    { actions: ['ec2:StopInstances', 'ec2:Describe*'], resources: ['*'] },
    { actions: ['s3:GetBucketPolicy'], resources: ['arn:aws:s3:::prod-*'] },
  ],
})

/** A house in which Alice had an hour, with what CloudTrail would say of it. */
async function aHouse() {
  const world = aWorld({ access: anAccessFile({ entitlements: [{ ...ON_CALL, codeRequired: true }] }) })
  const trail = new RecordedTrail(world.faults)
  const deps = { ...world.deps, trail }
  const { id, grant } = await world.active()
  world.clock.setTo(grant.notAfter)
  await world.end(id)
  return {
    world,
    trail,
    id,
    grant,
    close: () => closeTheBooks(deps),
    at: (s: number) => plusSeconds(grant.notAfter, s),
  }
}

type House = Awaited<ReturnType<typeof aHouse>>

/** The second look, when nearly nothing can be missing. */
async function settled({ world, close, id, at }: House) {
  world.clock.setTo(at(2 * HOUR))
  await close()
  const activity = await world.books.find(id)
  if (!activity) throw new Error('nothing is kept')
  return activity
}

describe('the books', () => {
  let house: House
  beforeEach(async () => {
    house = await aHouse()
  })

  it('AUD-04 are looked at 20 minutes after the end, once, and closed after two hours', async () => {
    const { world, close, at, id } = house
    world.clock.setTo(at(20 * MINUTE - 1))
    expect(await close()).toEqual([])

    world.clock.setTo(at(20 * MINUTE))
    expect(await close()).toEqual([{ what: 'provisional', of: id, violations: 0 }])
    expect((await world.books.find(id))?.state).toBe('provisional')
    world.clock.setTo(at(2 * HOUR - 1))
    expect(await close()).toEqual([])
    expect(await world.events(id)).not.toContain('books-closed')

    world.clock.setTo(at(2 * HOUR))
    expect(await close()).toEqual([{ what: 'final', of: id, violations: 0 }])
    expect((await world.events(id)).at(-1)).toBe('books-closed')
    world.clock.step(HOUR)
    expect(await close()).toEqual([])
  })

  it('AUD-04 have what was done in the window, who refused it, and what the grant allowed that was not seen', async () => {
    const { trail, grant, at } = house
    const during = plusSeconds(grant.notBefore, 10 * MINUTE)
    trail.calls.push(
      aCallOf({ at: during }),
      aCallOf({ eventId: 'e2', at: plusSeconds(during, 5), resources: ['i-1'] }),
      aCallOf({ eventId: 'e3', at: during, action: 'iam:ListUsers', error: 'AccessDenied', resources: ['x'] }),
      aCallOf({ eventId: 'e4', at: plusSeconds(grant.notBefore, -1), action: 'sts:GetCallerIdentity' }),
      aCallOf({ eventId: 'e5', at: at(0), action: 'sts:GetCallerIdentity' }),
    )

    expect(await settled(house)).toMatchObject({
      grantUse: 'used',
      granted: [
        { pattern: 'ec2:StopInstances', isSeen: false },
        { pattern: 'ec2:Describe*', isSeen: true },
        { pattern: 's3:GetBucketPolicy', isSeen: false },
      ],
      actions: [
        {
          action: 'ec2:DescribeInstances',
          calls: 2,
          isGranted: true,
          isReadOnly: true,
          errors: {},
          first: during,
          last: plusSeconds(during, 5),
        },
        { action: 'iam:ListUsers', calls: 1, isGranted: false, errors: { AccessDenied: 1 } },
      ],
      resources: ['i-1'],
      violations: [],
      coverage: {
        events: 'management',
        regions: ['eu-central-1', 'us-east-1'],
        from: plusSeconds(grant.notBefore, -15 * MINUTE),
        until: at(100 * MINUTE),
        isCut: false,
      },
    })
  })

  it('AUD-04 say not seen, and never unused, of a grant of which no management event was seen', async () => {
    house.trail.calls.push(aCallOf({ at: house.grant.notBefore, error: 'UnauthorizedOperation' }))

    expect((await settled(house)).grantUse).toBe('not-seen')
  })

  it('AUD-04 say that they are cut when there were more pages, or when CloudTrail has forgotten the window', async () => {
    house.trail.isCut = true
    expect((await settled(house)).coverage.isCut).toBe(true)

    const late = await aHouse()
    late.world.clock.setTo(plusSeconds(late.grant.notBefore, 90 * 24 * HOUR))
    await late.close()
    expect((await late.world.books.find(late.id))?.coverage.isCut).toBe(true)
  })

  it('AUD-04 are proven: the event has the hash of what is kept, and what is kept never changes', async () => {
    const { world, id, trail } = house
    const activity = await settled(house)

    expect((await world.details(id)).at(-1)).toMatchObject({ activityHash: activityHash(activity), violations: 0 })
    expect((await world.request(id)).books).toMatchObject({ hash: activityHash(activity) })
    trail.calls.push(aCallOf({ at: house.grant.notBefore }))
    expect(await world.books.keep({ ...activity, resources: ['other'] })).toEqual(activity)
    expect(await world.books.find(id)).toEqual(activity)
  })

  it('AUD-04 that broke off between the row and the event are closed by the next run with the row that is kept', async () => {
    const { world, id, at, close, trail } = house
    world.clock.setTo(at(2 * HOUR))
    world.faults.failNext('store.commit')
    expect(await close()).toMatchObject([{ what: 'failed', of: id }])
    expect(world.metrics.counts.at(-1)).toMatchObject({ BooksClosed: 0, BooksFailed: 1 })
    const kept = await world.books.find(id)
    trail.calls.push(aCallOf({ at: house.grant.notBefore }))

    expect(await close()).toMatchObject([{ what: 'final' }])
    expect(trail.asked).toHaveLength(1)
    expect((await world.details(id)).at(-1)).toMatchObject({ activityHash: kept && activityHash(kept) })
    expect((await world.events(id)).filter(type => type === 'books-closed')).toHaveLength(1)
  })

  it('AUD-04 that CloudTrail refuses keep no others from being closed', async () => {
    const { world, at, close, id } = house
    const other = await world.active()
    world.clock.setTo(other.grant.notAfter)
    await world.end(other.id)
    world.clock.setTo(plusSeconds(at(0), 10 * HOUR))
    world.faults.failNext('trail.callsOf')

    expect(await close()).toMatchObject([
      { what: 'failed', of: id },
      { what: 'final', of: other.id },
    ])
    expect(await close()).toMatchObject([{ what: 'final', of: id }])
  })

  it('AUD-04 are left to the next run where a look of two minutes could outlast the four of the function', async () => {
    const { world, trail, at, id } = house
    const other = await world.active()
    world.clock.setTo(other.grant.notAfter)
    await world.end(other.id)
    world.clock.setTo(at(10 * HOUR))
    const slow: typeof trail.callsOf = (...asked) => {
      world.clock.step(125)
      return trail.callsOf(...asked)
    }
    const run = () => closeTheBooks({ ...world.deps, trail: { callsOf: slow } })

    expect(await run()).toMatchObject([{ what: 'final', of: id }])
    expect(await run()).toMatchObject([{ what: 'final', of: other.id }])
  })

  it('AUD-04 of a request that never was in force are not opened', async () => {
    const { world, close } = house
    const { id } = await world.asked()
    await world.cancel(id)
    world.clock.step(9 * HOUR)

    expect(await close()).toHaveLength(1)
    expect(await world.books.find(id)).toBeUndefined()
  })
})

describe('a call outside the window', () => {
  let house: House
  beforeEach(async () => {
    house = await aHouse()
  })
  const violations = async () => (await settled(house)).violations

  it('AUD-05 that the grant allows is a violation from the second of the end on, and is counted once', async () => {
    const { trail, at, world, close } = house
    trail.calls.push(
      aCallOf({ eventId: 'last', at: at(-1), action: 'ec2:StopInstances' }),
      aCallOf({ eventId: 'late', at: at(0), action: 'ec2:StopInstances', resources: ['i-1'] }),
    )
    world.clock.setTo(at(20 * MINUTE))
    expect(await close()).toMatchObject([{ what: 'provisional', violations: 1 }])

    expect(await violations()).toEqual([
      { eventId: 'late', action: 'ec2:StopInstances', at: at(0), when: 'after-end', resources: ['i-1'] },
    ])
    const counted = world.metrics.counts.flatMap(({ ViolationsFound }) => ViolationsFound ?? [])
    expect(counted).toEqual([1])
  })

  it('AUD-05 before the start is one too', async () => {
    const { trail, grant } = house
    trail.calls.push(aCallOf({ at: plusSeconds(grant.notBefore, -1) }))

    expect(await violations()).toMatchObject([{ when: 'before-start' }])
  })

  it.each([
    ['was refused', { error: 'UnauthorizedOperation' }],
    ['is of an action the grant does not allow', { action: 'iam:ListUsers' }],
    ['is on something the grant does not reach', { action: 's3:GetBucketPolicy', resources: ['arn:aws:s3:::mine'] }],
    ['names nothing, where the grant reaches some things', { action: 's3:GetBucketPolicy' }],
  ])('AUD-05 that %s is none', async (_, call) => {
    house.trail.calls.push(aCallOf({ at: house.at(MINUTE), ...call }))

    expect(await violations()).toEqual([])
  })

  it('AUD-05 on what the grant reaches is one', async () => {
    const resources = ['arn:aws:s3:::prod-logs']
    house.trail.calls.push(aCallOf({ at: house.at(MINUTE), action: 's3:GetBucketPolicy', resources }))

    expect(await violations()).toMatchObject([{ action: 's3:GetBucketPolicy', resources }])
  })

  it('AUD-05 of an action that succeeded on the day before the grant is one of standing rights', async () => {
    const { trail, grant, at } = house
    trail.calls.push(
      aCallOf({ at: plusSeconds(grant.notBefore, -20 * HOUR) }),
      aCallOf({ eventId: 'late', at: at(MINUTE) }),
    )

    expect(await violations()).toEqual([])
    expect(trail.asked).toHaveLength(2)
  })

  it('AUD-05 of an action that was refused on the day before is none of standing rights', async () => {
    const { trail, grant, at } = house
    trail.calls.push(
      aCallOf({ at: plusSeconds(grant.notBefore, -20 * HOUR), error: 'UnauthorizedOperation' }),
      aCallOf({ eventId: 'late', at: at(MINUTE) }),
    )

    expect(await violations()).toMatchObject([{ eventId: 'late' }])
  })

  it('AUD-05 that another grant of the same person allowed then is none', async () => {
    const { world, trail, id } = house
    const { grant } = await world.active()
    expect(grant.notBefore.getTime()).toBeLessThan(house.at(100 * MINUTE).getTime())
    trail.calls.push(
      aCallOf({ eventId: 'before the other', at: plusSeconds(grant.notBefore, -1) }),
      aCallOf({ eventId: 'in the other', at: plusSeconds(grant.notBefore, MINUTE) }),
    )

    expect((await settled(house)).requestId).toBe(id)
    expect((await violations()).map(({ eventId }) => eventId)).toEqual(['before the other'])
  })

  it('AUD-05 of an action that was done the day before with another grant is none of standing rights', async () => {
    const { world, trail } = house
    const second = await world.active()
    world.clock.setTo(second.grant.notAfter)
    await world.end(second.id)
    const late = plusSeconds(second.grant.notAfter, 30 * MINUTE)
    // The first grant began before what is looked at of the second.
    const first = plusSeconds(second.grant.notBefore, -20 * MINUTE)
    expect(first.getTime()).toBeGreaterThan(house.grant.notBefore.getTime())
    trail.calls.push(
      aCallOf({ eventId: 'with the first', at: first, action: 'ec2:StopInstances' }),
      aCallOf({ eventId: 'late', at: late, action: 'ec2:StopInstances' }),
    )
    world.clock.setTo(plusSeconds(second.grant.notAfter, 2 * HOUR))
    await house.close()

    expect((await world.books.find(second.id))?.violations).toMatchObject([{ eventId: 'late' }])
  })

  it('AUD-05 is judged by what was approved, though the access file gives another grant since', async () => {
    const { world, trail, at, id } = house
    trail.calls.push(aCallOf({ at: at(MINUTE), action: 'ec2:StopInstances' }))
    world.clock.setTo(at(2 * HOUR))
    const narrower = anEntitlement({ statements: [{ actions: ['ec2:Describe*'], resources: ['*'] }] })

    await closeTheBooks({ ...world.deps, trail, access: anAccessFile({ entitlements: [narrower] }) })

    expect(await world.books.find(id)).toMatchObject({
      grantUse: 'not-seen',
      granted: [{ pattern: 'ec2:StopInstances' }, { pattern: 'ec2:Describe*' }, { pattern: 's3:GetBucketPolicy' }],
      violations: [{ action: 'ec2:StopInstances', when: 'after-end' }],
    })
  })
})

describe('a grant that was given back', () => {
  it('AUD-05 is used outside its window from a minute after its removal on', async () => {
    const world = aWorld({ access: anAccessFile({ entitlements: [{ ...ON_CALL, codeRequired: true }] }) })
    const trail = new RecordedTrail(world.faults)
    const { id } = await world.active()
    world.clock.step(10 * MINUTE)
    await world.endEarly(id, 'returned')
    const removed = (await world.request(id)).ending?.receipt.verifiedAt ?? new Date(Number.NaN)
    trail.calls.push(
      aCallOf({ eventId: 'IAM still knew it', at: plusSeconds(removed, 59) }),
      aCallOf({ eventId: 'late', at: plusSeconds(removed, 60) }),
    )
    world.clock.setTo(plusSeconds(removed, 2 * HOUR))
    await closeTheBooks({ ...world.deps, trail })

    expect((await world.books.find(id))?.violations).toMatchObject([{ eventId: 'late' }])
  })
})
