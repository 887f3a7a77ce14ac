import { describe, expect, it } from '@jest/globals'
import { attachPolicy } from '../../lambdas/application/attach-policy.ts'
import { issuePolicy } from '../../lambdas/application/issue-policy.ts'
import { NotVisibleError } from '../../lambdas/application/not-visible-error.ts'
import { eventKey, requestKey } from '../../lambdas/contract/keys.ts'
import { GrantRefusedError } from '../../lambdas/domain/errors.ts'
import { plusSeconds } from '../../lambdas/domain/instant.ts'
import { chained } from '../../lambdas/domain/ledger.ts'
import { anAccessFile, anEntitlement } from '../support/an-access-file.ts'
import { arnOf, aWorld, type World } from '../support/world.ts'

type Row = Record<string, unknown>

/** One change for every member of a stored request. A member without one fails the test that loops over them. */
const CHANGES: Readonly<Record<string, (row: Row) => Row>> = {
  id: row => ({ ...row, id: '01JQ0000000000000000000000' }),
  status: row => ({ ...row, status: 'ACTIVE' }),
  requester: row => ({ ...row, requester: 'carol' }),
  'principal.arn': row => ({ ...row, principal: { ...objectIn(row, 'principal'), arn: arnOf('carol') } }),
  'principal.uniqueId': row => ({ ...row, principal: { ...objectIn(row, 'principal'), uniqueId: 'AIDACAROL' } }),
  entitlement: row => ({ ...row, entitlement: 'admin' }),
  parameters: row => ({ ...row, parameters: { bucket: 'other' } }),
  durationSeconds: row => ({ ...row, durationSeconds: 7200 }),
  reason: row => ({ ...row, reason: 'a better reason' }),
  ticket: row => ({ ...row, ticket: 'OPS-2' }),
  'ticket removed': ({ ticket: _, ...row }) => row,
  earliestStart: row => ({ ...row, earliestStart: '2027-03-02T08:00:00Z' }),
  askedAt: row => ({ ...row, askedAt: '2027-03-01T10:00:01Z' }),
  rule: row => ({ ...row, rule: 'everybody' }),
  accessHash: row => ({ ...row, accessHash: 'f'.repeat(64) }),
  stages: row => ({ ...row, stages: [{ name: 'owner', approvers: ['bob', 'mallory'], quorum: 1 }] }),
  'stages.quorum': row => ({ ...row, stages: [{ name: 'owner', approvers: ['bob'], quorum: 0 }] }),
  answerBy: row => ({ ...row, answerBy: '2027-03-09T10:00:00Z' }),
  decisions: row => ({ ...row, decisions: [] }),
  'decisions.approver': row => ({ ...row, decisions: [{ ...firstIn(row, 'decisions'), approver: 'mallory' }] }),
  'grant removed': ({ grant: _, ...row }) => row,
  'grant.notBefore': row => ({ ...row, grant: { ...objectIn(row, 'grant'), notBefore: '2027-03-01T09:00:00Z' } }),
  'grant.notAfter': row => ({ ...row, grant: { ...objectIn(row, 'grant'), notAfter: '2028-03-01T09:00:00Z' } }),
  'grant.policyArn': row => ({
    ...row,
    grant: { ...objectIn(row, 'grant'), policyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' },
  }),
  'grant.documentHash': row => ({ ...row, grant: { ...objectIn(row, 'grant'), documentHash: '0'.repeat(64) } }),
  ending: row => ({
    ...row,
    ending: {
      cause: 'expired',
      receipt: { policyArn: 'x', verifiedAt: '2027-03-01T10:00:00Z', policy: 'NoSuchEntity', detached: 1 },
    },
  }),
  'lastEvent.hash': row => ({ ...row, lastEvent: { ...objectIn(row, 'lastEvent'), hash: '0'.repeat(64) } }),
  'lastEvent.sequence': row => ({ ...row, lastEvent: { ...objectIn(row, 'lastEvent'), sequence: 9 } }),
}

function objectIn(row: Row, key: string): object {
  const value = row[key]
  return typeof value === 'object' && value !== null ? value : {}
}

function firstIn(row: Row, key: string): object {
  const value = row[key]
  return Array.isArray(value) ? value[0] : {}
}

function bucketAccess() {
  const bucket = { description: 'a bucket', pattern: '[a-z]+', example: 'logs' }
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a place of the access file, not of TypeScript
  const statements = [{ actions: ['s3:GetObject'], resources: ['arn:aws:s3:::${bucket}/*'] }]
  return anAccessFile({
    entitlements: [
      anEntitlement({ codeRequired: true, parameters: { bucket }, statements }),
      anEntitlement({ id: 'admin', statements: [{ actions: ['*'], resources: ['*'] }] }),
    ],
  })
}

async function approvedForBucket() {
  const world = aWorld({ access: bucketAccess() })
  const earliestStart = new Date('2027-03-01T12:00:00Z')
  const { id, grant } = await world.approved({
    ticket: 'OPS-1',
    ask: { parameters: { bucket: 'logs' }, earliestStart },
  })
  return { world, id, grant }
}

function attachments(world: World): readonly string[] {
  return [...world.iam.policies.keys()].flatMap(arn => world.iam.attachmentsOf(arn))
}

describe('a request changed in the table after its approval', () => {
  it('GRA-05 has a change for each of its members in the test below', async () => {
    const { world, id } = await approvedForBucket()
    const row: Row = JSON.parse(world.store.rows.get(`REQUEST#${id} REQUEST`) ?? '{}')
    const { pk: _, sk: __, kind: ___, month: ____, open: _____, ...members } = row

    const tested = new Set(Object.keys(CHANGES).map(name => name.split(/[. ]/)[0]))
    expect(Object.keys(members).filter(member => !tested.has(member))).toEqual([])
  })

  it.each(Object.keys(CHANGES).filter(name => name !== 'status'))(
    'GRA-05 FI-13: in its %s gives no policy when it is issued',
    async name => {
      const { world, id } = await approvedForBucket()
      world.store.tamper(requestKey(id), CHANGES[name] ?? (row => row))

      await expect(world.issue(id)).rejects.toThrow(GrantRefusedError)
      expect(world.iam.policies.size).toBe(0)
    },
  )

  it.each(Object.keys(CHANGES).filter(name => name !== 'status'))(
    'GRA-05 FI-13: in its %s attaches nothing',
    async name => {
      const { world, id } = await approvedForBucket()
      await world.issue(id)
      world.store.tamper(requestKey(id), CHANGES[name] ?? (row => row))

      await expect(world.attach(id)).rejects.toThrow(GrantRefusedError)
      expect(attachments(world)).toEqual([])
    },
  )

  it.each(['type', 'at', 'actor', 'details', 'previousHash', 'hash', 'requestId'])(
    'AUD-02 in the %s of its approval’s event gives no policy and attaches nothing',
    async member => {
      const values: Row = {
        type: 'decided',
        at: '2027-03-01T10:15:01Z',
        actor: { person: 'carol' },
        details: {},
        previousHash: '0'.repeat(64),
        hash: '0'.repeat(64),
        requestId: '01JQ0000000000000000000000',
      }
      const { world, id } = await approvedForBucket()
      await world.issue(id)
      world.store.tamper(eventKey(id, 3), row => ({ ...row, [member]: values[member] }))

      await expect(world.issue(id)).rejects.toThrow(GrantRefusedError)
      await expect(world.attach(id)).rejects.toThrow(GrantRefusedError)
      expect(attachments(world)).toEqual([])
    },
  )

  it('AUD-02 whose chain lost an event in the middle attaches nothing', async () => {
    const { world, id } = await approvedForBucket()
    await world.issue(id)
    world.store.rows.delete(`REQUEST#${id} EVENT#00002`)

    await expect(world.attach(id)).rejects.toThrow(GrantRefusedError)
  })

  it('AUD-02 whose chain was lengthened by a fact of somebody else attaches nothing', async () => {
    const { world, id } = await approvedForBucket()
    await world.issue(id)
    const { lastEvent } = await world.request(id)
    const forged = chained(id, lastEvent, {
      type: 'decided',
      at: world.clock.now(),
      actor: { service: 'mallory' },
      details: {},
    })
    const { at, ...rest } = forged
    world.store.rows.set(
      `REQUEST#${id} EVENT#00004`,
      JSON.stringify({ kind: 'event', ...rest, at: at.toISOString().replace(/\.\d+/, '') }),
    )

    await expect(world.attach(id)).rejects.toThrow(/do not agree/)
  })

  it('GRA-05 from denied, cancelled, ended or failed back to approved gives no policy', async () => {
    const revived = []
    for (const way of ['denied', 'cancelled', 'unanswered', 'ended', 'failed'] as const) {
      const world = aWorld()
      const { id } = way === 'ended' || way === 'failed' ? await world.approved() : await world.asked()
      if (way === 'denied') await world.decide('bob', { decision: 'deny' })
      if (way === 'cancelled') await world.cancel(id)
      if (way === 'unanswered') {
        world.clock.step(14_400)
        await world.climb(id)
      }
      if (way === 'ended') {
        await world.issue(id)
        await world.attach(id)
        await world.end(id)
      }
      if (way === 'failed') await world.end(id)
      world.store.tamper(requestKey(id), ({ ending: _, ...row }) => ({ ...row, status: 'APPROVED' }))

      await world.issue(id).catch(() => {})
      await world.attach(id).catch(() => {})
      if (world.iam.policies.size > 0) revived.push(way)
    }

    expect(revived).toEqual([])
  })
})

describe('issuing', () => {
  it('GRA-05 a second time finds its own policy and changes nothing', async () => {
    const world = aWorld()
    const { id, grant } = await world.approved()
    await world.issue(id)
    const before = JSON.stringify(await world.iam.document(grant.policyArn))

    await world.issue(id)

    expect(JSON.stringify(await world.iam.document(grant.policyArn))).toBe(before)
  })

  it('GRA-05 refuses when another document has the name', async () => {
    const world = aWorld()
    const { id, grant } = await world.approved()
    const document = { Version: '2012-10-17', Statement: [] } as const
    await world.iam.create({ arn: grant.policyArn, document, tags: {} })

    await expect(world.issue(id)).rejects.toThrow(/another document/)
  })

  it('GRA-05 a policy that exists but cannot be read yet is an error with a name of its own, for another try', async () => {
    const world = aWorld()
    const { id, grant } = await world.approved()
    await world.issue(id)
    const policies = { create: async () => 'exists' as const, document: async () => undefined }

    await expect(issuePolicy({ ...world.deps, policies }, id)).rejects.not.toThrow(SyntaxError)
    expect(world.iam.policies.has(grant.policyArn)).toBe(true)
  })

  it('GRA-05 refuses what is not approved, is over, or is not there', async () => {
    const world = aWorld()
    const pending = await world.asked()
    await expect(world.issue(pending.id)).rejects.toThrow(GrantRefusedError)

    await world.decide('bob')
    const { grant } = await world.granted(pending.id)
    world.clock.setTo(plusSeconds(grant.notAfter, -1))
    await world.issue(pending.id)
    world.iam.policies.clear()
    world.clock.setTo(grant.notAfter)
    await expect(world.issue(pending.id)).rejects.toThrow(/window is over/)
    expect(world.iam.policies.size).toBe(0)
    await expect(world.issue('01JQ0000000000000000000000')).rejects.toThrow('there is no request')
  })

  it('GRA-05 refuses an approval whose access file gives another document, or none, now', async () => {
    const world = aWorld()
    const { id } = await world.approved()
    const wider = anAccessFile({
      entitlements: [anEntitlement({ statements: [{ actions: ['s3:*'], resources: ['*'] }] })],
    })

    await expect(issuePolicy({ ...world.deps, access: wider }, id)).rejects.toThrow(/another document/)
    await expect(issuePolicy({ ...world.deps, access: anAccessFile({ entitlements: [] }) }, id)).rejects.toThrow(
      GrantRefusedError,
    )
    expect(world.iam.policies.size).toBe(0)
  })

  it('GRA-03 every statement carries the unique id of the user who asked and both ends of the window', async () => {
    const world = aWorld()
    const { id, grant } = await world.approved()
    await world.issue(id)

    expect(await world.iam.document(grant.policyArn)).toMatchObject({
      Statement: [
        {
          Condition: {
            StringEquals: { 'aws:userid': 'AIDA00000000000000001' },
            DateGreaterThanEquals: { 'aws:CurrentTime': '2027-03-01T10:15:00Z' },
            DateLessThan: { 'aws:CurrentTime': '2027-03-01T11:15:00Z' },
          },
        },
      ],
    })
  })
})

describe('attaching', () => {
  async function issued() {
    const world = aWorld()
    const { id, grant } = await world.approved()
    await world.issue(id)
    return { world, id, grant }
  }

  it('GRA-03 refuses a user made again under the same name, and one who is gone', async () => {
    const { world, id } = await issued()
    world.iam.addUser(arnOf('alice'))
    await expect(world.attach(id)).rejects.toThrow(/was made again since/)

    world.iam.users.delete(arnOf('alice'))
    await expect(world.attach(id)).rejects.toThrow(GrantRefusedError)
    expect(attachments(world)).toEqual([])
    expect((await world.request(id)).status).toBe('APPROVED')
  })

  it('GRA-05 refuses a policy whose document in force is another', async () => {
    const { world, id, grant } = await issued()
    world.iam.addVersion(grant.policyArn, { Version: '2012-10-17', Statement: [] }, { asDefault: true })

    await expect(world.attach(id)).rejects.toThrow(/does not hold what was approved/)
    expect(attachments(world)).toEqual([])
  })

  it('GRA-05 asks for another try while IAM does not show the policy, and attaches nothing unseen', async () => {
    const { world, id } = await issued()
    const policies = [...world.iam.policies]
    world.iam.policies.clear()
    await expect(world.attach(id)).rejects.toThrow(NotVisibleError)
    expect(world.faults.calls).not.toContain('AttachUserPolicy')

    for (const [arn, policy] of policies) world.iam.policies.set(arn, policy)
    await world.attach(id)
    expect(attachments(world)).toHaveLength(1)
  })

  it('GRA-05 refuses when the window is over', async () => {
    const { world, id, grant } = await issued()
    world.clock.setTo(grant.notAfter)

    await expect(world.attach(id)).rejects.toThrow(/window is over/)
    expect(attachments(world)).toEqual([])
  })

  it('GRA-05 announces nothing before IAM shows the attachment', async () => {
    const { world, id } = await issued()
    const told = world.announcer.told.length
    world.iam.isListingBehind = true

    await expect(world.attach(id)).rejects.toThrow('IAM does not show')
    expect((await world.request(id)).status).toBe('APPROVED')
    expect(world.announcer.told).toHaveLength(told)

    world.iam.isListingBehind = false
    await world.attach(id)
    expect(world.announcer.told.slice(told)).toEqual(['granted alice', 'granted-to-admin adam'])
  })

  it('GRA-05 announces nothing before the activation is written', async () => {
    const { world, id } = await issued()
    const told = world.announcer.told.length
    world.faults.failNext('store.commit')

    await expect(world.attach(id)).rejects.toThrow('store.commit')

    expect(world.announcer.told).toHaveLength(told)
  })

  it('GRA-05 whose acknowledgement got lost is found done by the next try', async () => {
    for (const call of ['AttachUserPolicy', 'store.commit']) {
      const { world, id, grant } = await issued()
      world.faults.failNext(call, 1, 'after')
      await expect(world.attach(id)).rejects.toThrow('got lost')

      expect(await world.attach(id)).toEqual(grant)
      expect(await world.events(id)).toEqual(['asked', 'approvers-asked', 'approved', 'activated'])
    }
  })

  it('GRA-05 of a request that ended meanwhile is refused, and the removal leaves nothing', async () => {
    for (let pause = 0; pause < 16; pause += 1) {
      const { world, id } = await issued()
      const attaching = attachPolicy(world.deps, id).then(
        () => 'attached',
        (error: Error) => error.name,
      )
      for (let turn = 0; turn < pause; turn += 1) await new Promise(resolve => setImmediate(resolve))
      await world.end(id).catch(() => {})

      const outcome = await attaching
      // The state machine: an attachment that failed goes to the removal, which is tried until it holds.
      if (outcome !== 'attached' || (await world.request(id)).status !== 'ENDED') await world.end(id)

      expect(['attached', 'GrantRefusedError', 'NoSuchEntityException', 'NotVisibleError']).toContain(outcome)
      expect(world.iam.policies.size).toBe(0)
      expect(['FAILED', 'ENDED']).toContain((await world.request(id)).status)
      await world.events(id)
    }
  })

  it('GRA-05 says which status stood in the way', async () => {
    const { world, id } = await issued()
    const waits = world.iam.isAttached.bind(world.iam)
    world.iam.isAttached = async (principal, policy) => {
      const answer = await waits(principal, policy)
      await world.end(id)
      return answer
    }

    await expect(world.attach(id)).rejects.toThrow(/became FAILED while/)
    expect(world.iam.policies.size).toBe(0)
  })
})
