import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { AttachUserPolicyCommand, CreateUserCommand, ListAttachedUserPoliciesCommand } from '@aws-sdk/client-iam'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { DynamoLeaseStore } from '../../lambdas/adapters/dynamo-lease-store.ts'
import { IamPolicyBinder } from '../../lambdas/adapters/iam-policy-binder.ts'
import { IamPolicyRemover } from '../../lambdas/adapters/iam-policy-remover.ts'
import { giveBackLease } from '../../lambdas/application/give-back-lease.ts'
import { attachLeased } from '../../lambdas/application/take-lease.ts'
import { documentHash } from '../../lambdas/domain/fence.ts'
import { LATE_ATTACH_SECONDS } from '../../lambdas/domain/lease.ts'
import { aRequest } from '../support/a-request.ts'
import { type BareEmulator, startBareEmulator } from '../support/bare-emulator.ts'
import { aLedgerTable } from '../support/ledger-table.ts'
import { SteppedClock } from '../support/stepped-clock.ts'

const TABLE = 'lapse'
const POLICY = 'arn:aws:iam::aws:policy/ReadOnlyAccess'
let emulator: BareEmulator
let leases: DynamoLeaseStore

beforeAll(async () => {
  emulator = await startBareEmulator()
  const base = new DynamoDBClient({ ...emulator.configFor(emulator.rootCredentials), maxAttempts: 3 })
  await base.send(aLedgerTable(TABLE))
  leases = new DynamoLeaseStore(DynamoDBDocumentClient.from(base), TABLE)
}, 240_000)

afterAll(() => emulator.stop())

/** A user, and what the applier and the revoker do for grants of theirs. */
async function aUser(name: string) {
  const { iam } = emulator
  const { User } = await iam.send(new CreateUserCommand({ UserName: name, Path: '/people/' }))
  const principal = { arn: User?.Arn ?? '', uniqueId: User?.UserId ?? '' }
  const clock = new SteppedClock()
  const [binder, remover] = [new IamPolicyBinder(iam), new IamPolicyRemover(iam)]
  const asIs = { policyArn: POLICY, documentHash: documentHash(await binder.document(POLICY)) }
  const hold = (requestId: string) => ({ requestId, principalArn: principal.arn, policyArn: POLICY })
  return {
    clock,
    arn: principal.arn,
    attach: (id: string) => attachLeased({ leases, clock, policies: binder }, aRequest({ id, principal }), asIs),
    giveBack: (id: string) => giveBackLease({ leases, clock, policies: remover }, hold(id)),
    async has(): Promise<boolean> {
      const { AttachedPolicies = [] } = await iam.send(new ListAttachedUserPoliciesCommand({ UserName: name }))
      return AttachedPolicies.some(({ PolicyArn }) => PolicyArn === POLICY)
    },
    standing: () => iam.send(new AttachUserPolicyCommand({ UserName: name, PolicyArn: POLICY })),
  }
}

describe('an AWS-managed policy attached as it is, by IAM and DynamoDB', () => {
  it('GRA-07 stays for two overlapping grants until the last is given back, however they begin and end', async () => {
    const alice = await aUser('alice')

    await Promise.all(['first', 'second'].map(alice.attach))
    expect(await alice.has()).toBe(true)
    alice.clock.step(LATE_ATTACH_SECONDS)

    const receipts = await Promise.all(['first', 'second'].map(alice.giveBack))
    expect(receipts.map(({ policy }) => policy).sort()).toEqual(['HeldByOthers', 'NotAttached'])
    expect(await alice.has()).toBe(false)
    expect(await leases.find(alice.arn, POLICY)).toMatchObject({ holders: [], isFree: true })

    await alice.attach('third')
    expect(await alice.has()).toBe(true)
    expect(await alice.giveBack('first')).toMatchObject({ policy: 'HeldByOthers', detached: 0 })
    expect(await alice.giveBack('third')).toMatchObject({ policy: 'NotAttached', detached: 1 })
  })

  it('GRA-07 is neither given to nor taken from whom somebody else attached it', async () => {
    const bob = await aUser('bob')
    await bob.standing()

    await expect(bob.attach('first')).rejects.toThrow('already, and not by a grant')
    expect(await bob.giveBack('first')).toMatchObject({ policy: 'HeldByOthers', detached: 0 })
    expect(await bob.has()).toBe(true)
  })

  it('GRA-07 that somebody detached already is given back all the same', async () => {
    const carol = await aUser('carol')
    await carol.attach('first')
    await new IamPolicyRemover(emulator.iam).takeFrom(carol.arn, POLICY)

    expect(await carol.giveBack('first')).toMatchObject({ policy: 'NotAttached', detached: 0 })
  })
})
