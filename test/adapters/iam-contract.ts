import { describe, expect, it } from '@jest/globals'
import type {
  PolicyAuthor,
  PolicyBinder,
  PolicyQuotas,
  PolicyRemover,
} from '../../lambdas/application/ports/policies.ts'
import { documentHash, type PolicyDocument } from '../../lambdas/domain/fence.ts'
import type { TrustStatement } from '../../lambdas/domain/trust-policy.ts'
import { chance } from '../support/an-access-file.ts'

const ACCOUNT = '123456789012'

export interface Iam {
  readonly author: PolicyAuthor
  readonly binder: PolicyBinder
  readonly remover: PolicyRemover
  readonly quotas: PolicyQuotas
  readonly account: string
  /** Makes a user; gives its unique id. */
  addUser(arn: string): Promise<string>
  removeUser(arn: string): Promise<void>
  /** Makes a role that `trusted` says who may assume, with a boundary if one is named; gives its unique id. */
  addRole(arn: string, trusted: TrustStatement, boundary?: string): Promise<string>
  /** What somebody does by hand: attaches to a new role and a new group, adds two versions. */
  meddle(policyArn: string): Promise<void>
}

/** What IAM must do behind the three ports; run against the fake and against IAM of the emulator. */
export function iamContract(name: string, iam: () => Iam): void {
  const DOCUMENT: PolicyDocument = {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'Lapse1',
        Effect: 'Allow',
        Action: ['s3:GetObject'],
        Resource: ['arn:aws:s3:::prod-logs/a b%20c+ü/*'],
        Condition: { StringEquals: { 'aws:userid': 'AIDA' } },
      },
    ],
  }
  const TAGS = { 'lapse:managed': 'true', 'lapse:expires': '2027-03-01T11:15:00Z' }
  const aPolicy = () => ({
    arn: `arn:aws:iam::${iam().account}:policy/lapse/grant/20270301T111500Z/${chance.text('ABCDEFGHJKMNPQRSTVWXYZ', 26)}`,
    document: DOCUMENT,
    tags: TAGS,
  })
  const TRUSTED: TrustStatement = {
    effect: 'Allow',
    actions: ['sts:AssumeRole'],
    principals: { AWS: [`arn:aws:iam::${ACCOUNT}:root`] },
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a policy variable of IAM
    conditions: { StringEquals: { 'sts:RoleSessionName': ['${aws:username}'] } },
  }
  const aRole = async (boundary?: string) => {
    const arn = `arn:aws:iam::${iam().account}:role/people/${chance.text('abcdefghijklmnop', 12)}`
    return { arn, uniqueId: await iam().addRole(arn, TRUSTED, boundary) }
  }
  const aUser = async () => {
    const arn = `arn:aws:iam::${iam().account}:user/people/${chance.text('abcdefghijklmnop', 12)}`
    return { arn, uniqueId: await iam().addUser(arn) }
  }

  describe(`${name}: policies`, () => {
    it('GRA-01 a policy is created once; its document is read back as it was written', async () => {
      const policy = aPolicy()

      expect(await iam().author.document(policy.arn)).toBeUndefined()
      expect(await iam().author.create(policy)).toBe('created')
      expect(await iam().author.create({ ...policy, document: { ...DOCUMENT, Statement: [] } })).toBe('exists')

      for (const port of [iam().author, iam().binder]) {
        expect(documentHash(await port.document(policy.arn))).toBe(documentHash(DOCUMENT))
      }
      expect(await iam().remover.exists(policy.arn)).toBe(true)
    })

    it('GRA-05 an attachment is read back, done twice is done once, and belongs to one user', async () => {
      const [policy, alice, bob] = [aPolicy(), await aUser(), await aUser()]
      await iam().author.create(policy)
      expect(await iam().binder.isAttached(alice.arn, policy.arn)).toBe(false)

      await iam().binder.attach(alice.arn, policy.arn)
      await iam().binder.attach(alice.arn, policy.arn)

      expect(await iam().binder.isAttached(alice.arn, policy.arn)).toBe(true)
      expect(await iam().binder.isAttached(bob.arn, policy.arn)).toBe(false)
      expect(await iam().remover.remove(policy.arn)).toEqual({ found: true, detached: 1 })
    })

    it('GRA-03 a user has the unique id it was made with, and another when it is made again', async () => {
      const alice = await aUser()
      expect(await iam().binder.principal(alice.arn)).toMatchObject({ uniqueId: alice.uniqueId })

      await iam().removeUser(alice.arn)
      expect(await iam().binder.principal(alice.arn)).toBeUndefined()
      expect(await iam().binder.isAttached(alice.arn, aPolicy().arn)).toBe(false)

      const again = await iam().addUser(alice.arn)
      expect(again).not.toBe(alice.uniqueId)
      expect(await iam().binder.principal(alice.arn)).toMatchObject({ uniqueId: again })
    })

    it('GRA-03 a user of the same name under another path is not the one', async () => {
      const alice = await aUser()

      expect(await iam().binder.principal(alice.arn.replace('/people/', '/machines/'))).toBeUndefined()
    })

    it('GRA-03 a role has its unique id, its boundary and who may assume it', async () => {
      const role = await aRole()

      expect(await iam().binder.principal(role.arn)).toStrictEqual({
        uniqueId: role.uniqueId,
        boundary: undefined,
        trust: { statements: [TRUSTED] },
      })
      expect(await iam().binder.principal(role.arn.replace('/people/', '/machines/'))).toBeUndefined()
      expect(await iam().binder.principal(role.arn.replace(':role/', ':user/'))).toBeUndefined()
    })

    it('GRA-08 a role and its boundary are read together', async () => {
      const boundary = aPolicy()
      await iam().author.create(boundary)
      const role = await aRole(boundary.arn)

      expect(await iam().binder.principal(role.arn)).toMatchObject({ uniqueId: role.uniqueId, boundary: boundary.arn })
    })

    it('GRA-03 an attachment to a role is read back, done twice is done once, and belongs to one role', async () => {
      const [policy, role, other] = [aPolicy(), await aRole(), await aRole()]
      await iam().author.create(policy)
      expect(await iam().binder.isAttached(role.arn, policy.arn)).toBe(false)

      await iam().binder.attach(role.arn, policy.arn)
      await iam().binder.attach(role.arn, policy.arn)

      expect(await iam().binder.isAttached(role.arn, policy.arn)).toBe(true)
      expect(await iam().binder.isAttached(other.arn, policy.arn)).toBe(false)
      expect(await iam().quotas.attachedTo(role.arn)).toBe(1)
      expect(await iam().quotas.attachedTo(other.arn)).toBe(0)
      expect(await iam().quotas.attachedTo(`${role.arn}-gone`)).toBe(0)
      expect(await iam().remover.remove(policy.arn)).toEqual({ found: true, detached: 1 })
      expect(await iam().binder.isAttached(role.arn, policy.arn)).toBe(false)
      const nobody = `arn:aws:iam::${iam().account}:role/people/nobody-at-all`
      await expect(iam().binder.attach(nobody, policy.arn)).rejects.toMatchObject({ name: 'NoSuchEntityException' })
    })

    it('GRA-05 attaching what is not there, or to nobody, is an error', async () => {
      const [policy, alice] = [aPolicy(), await aUser()]
      await expect(iam().binder.attach(alice.arn, policy.arn)).rejects.toMatchObject({ name: 'NoSuchEntityException' })

      await iam().author.create(policy)
      const nobody = `arn:aws:iam::${iam().account}:user/people/nobody-at-all`
      await expect(iam().binder.attach(nobody, policy.arn)).rejects.toMatchObject({ name: 'NoSuchEntityException' })
      await iam().remover.remove(policy.arn)
    })

    it('END-03 a removal takes it from everybody, with its versions, and a second one finds nothing', async () => {
      const [policy, alice] = [aPolicy(), await aUser()]
      await iam().author.create(policy)
      await iam().binder.attach(alice.arn, policy.arn)
      await iam().meddle(policy.arn)

      expect(await iam().remover.remove(policy.arn)).toEqual({ found: true, detached: 3 })

      expect(await iam().remover.exists(policy.arn)).toBe(false)
      expect(await iam().binder.isAttached(alice.arn, policy.arn)).toBe(false)
      expect(await iam().author.document(policy.arn)).toBeUndefined()
      expect(await iam().remover.remove(policy.arn)).toEqual({ found: false, detached: 0 })
    })

    it('END-03 a policy that nobody carries is removed too', async () => {
      const policy = aPolicy()
      await iam().author.create(policy)

      expect(await iam().remover.remove(policy.arn)).toEqual({ found: true, detached: 0 })
    })

    it('END-03 of two removals at once one at least takes it away, and nothing is left', async () => {
      const [policy, alice] = [aPolicy(), await aUser()]
      await iam().author.create(policy)
      await iam().binder.attach(alice.arn, policy.arn)

      const outcomes = await Promise.allSettled([iam().remover.remove(policy.arn), iam().remover.remove(policy.arn)])

      expect(outcomes).toContainEqual({ status: 'fulfilled', value: { found: true, detached: 1 } })
      expect(await iam().binder.isAttached(alice.arn, policy.arn)).toBe(false)
      expect(await iam().remover.exists(policy.arn)).toBe(false)
    })
  })
}
