import { DeleteConflictException, IAMClient, NoSuchEntityException } from '@aws-sdk/client-iam'
import { describe, expect, it } from '@jest/globals'
import {
  isAttachedTo,
  isRoleArn,
  nameInArn,
  pathAndName,
  policyDocument,
  unlessGone,
} from '../../lambdas/adapters/iam-policies.ts'
import { IamPolicyInventory } from '../../lambdas/adapters/iam-policy-inventory.ts'
import { IamPolicyRemover } from '../../lambdas/adapters/iam-policy-remover.ts'
import { GRANT_PATH } from '../../lambdas/domain/grant.ts'
import { anApprovedRequest, grantOf } from '../support/a-request.ts'

const gone = () => new NoSuchEntityException({ message: 'gone', $metadata: {} })
type Answers = Readonly<Record<string, (input: Readonly<Record<string, unknown>>) => object>>

/** A client that answers each command by its name. */
function handMade(answers: Answers) {
  const calls: string[] = []
  const client = new IAMClient({ region: 'us-east-1', credentials: { accessKeyId: 'a', secretAccessKey: 's' } })
  client.middlewareStack.add(
    (_next, context) => async args => {
      const name = (context.commandName ?? '').replace('Command', '')
      calls.push(name)
      const answer = answers[name]
      if (!answer) throw new Error(`${name} was not expected`)
      return { output: { $metadata: {}, ...answer({ ...args.input }) }, response: {} }
    },
    { step: 'initialize' },
  )
  return { client, calls }
}

describe('ARNs', () => {
  it('GRA-01 give back the path and the name of a grant’s policy', () => {
    const request = anApprovedRequest()
    const { path, name } = pathAndName(grantOf(request).policyArn)

    expect(name).toBe(request.id)
    expect(path).toMatch(/^\/lapse\/grant\/\d{8}T\d{6}Z\/$/)
    expect(path.startsWith(GRANT_PATH)).toBe(true)
    expect(pathAndName('arn:aws:iam::1:policy/bare')).toEqual({ path: '/', name: 'bare' })
    expect(pathAndName('arn:aws-cn:iam::1:policy/a/policy/b')).toEqual({ path: '/a/policy/', name: 'b' })
  })

  it('GRA-03 tell a role from a user, whatever the names', () => {
    expect(isRoleArn('arn:aws:iam::1:role/people/developer')).toBe(true)
    expect(isRoleArn('arn:aws-cn:iam::1:role/developer')).toBe(true)
    expect(isRoleArn('arn:aws:iam::1:user/role/alice')).toBe(false)
    expect(isRoleArn('no arn')).toBe(false)
  })

  it('GRA-01 give the name after the path', () => {
    expect(nameInArn('arn:aws:iam::1:user/people/alice')).toBe('alice')
    expect(nameInArn('arn:aws:iam::1:user/alice')).toBe('alice')
  })
})

describe('what is gone', () => {
  it('END-03 is undefined, and every other error stays an error', async () => {
    expect(await unlessGone(() => Promise.reject(gone()))).toBeUndefined()
    expect(await unlessGone(async () => 5)).toBe(5)
    await expect(unlessGone(() => Promise.reject(new Error('AccessDenied')))).rejects.toThrow('AccessDenied')
    const impostor = Object.assign(new Error('no'), { name: 'NoSuchEntity' })
    await expect(unlessGone(() => Promise.reject(impostor))).rejects.toThrow('no')
  })

  it('GRA-05 is no document: a policy, or its version, that vanished between two calls', async () => {
    const vanished = () => {
      throw gone()
    }
    const version = () => ({ Policy: { DefaultVersionId: 'v3' } })

    expect(await policyDocument(handMade({ GetPolicy: vanished }).client, 'arn')).toBeUndefined()
    expect(
      await policyDocument(handMade({ GetPolicy: version, GetPolicyVersion: vanished }).client, 'arn'),
    ).toBeUndefined()
  })

  it('GRA-05 the document in force is that of the default version, decoded', async () => {
    const document = { Version: '2012-10-17', Statement: [{ Resource: 'a b+c%20/ü' }] }
    const { client } = handMade({
      GetPolicy: () => ({ Policy: { DefaultVersionId: 'v3' } }),
      GetPolicyVersion: ({ VersionId }) => {
        expect(VersionId).toBe('v3')
        return { PolicyVersion: { Document: encodeURIComponent(JSON.stringify(document)) } }
      },
    })

    expect(await policyDocument(client, 'arn')).toEqual(document)
  })
})

describe('pages', () => {
  it('GRA-05 an attachment on the third page is found, and not found is a no', async () => {
    const pages: Readonly<Record<string, object>> = {
      first: { AttachedPolicies: [{ PolicyArn: 'a' }], IsTruncated: true, Marker: 'second' },
      second: { AttachedPolicies: [], IsTruncated: true, Marker: 'third' },
      third: { AttachedPolicies: [{ PolicyArn: 'mine' }], IsTruncated: false },
    }
    const answer = {
      ListAttachedUserPolicies: ({ Marker }: Readonly<Record<string, unknown>>) =>
        pages[String(Marker ?? 'first')] ?? {},
    }

    const alice = 'arn:aws:iam::1:user/people/alice'
    expect(await isAttachedTo(handMade(answer).client, alice, 'mine')).toBe(true)
    expect(await isAttachedTo(handMade(answer).client, alice, 'other')).toBe(false)
    const ofRole = { ListAttachedRolePolicies: answer.ListAttachedUserPolicies }
    expect(await isAttachedTo(handMade(ofRole).client, 'arn:aws:iam::1:role/people/developer', 'mine')).toBe(true)
  })

  it('END-03 attachments of every page are taken away, and one that is gone meanwhile was taken away by an answer that got lost', async () => {
    const pages: Readonly<Record<string, object>> = {
      first: { PolicyUsers: [{ UserName: 'a' }, { UserName: 'b' }], IsTruncated: true, Marker: 'second' },
      second: { PolicyRoles: [{ RoleName: 'r' }], PolicyGroups: [{ GroupName: 'g' }], IsTruncated: false },
    }
    const { client, calls } = handMade({
      GetPolicy: () => ({ Policy: { DefaultVersionId: 'v1' } }),
      ListEntitiesForPolicy: ({ Marker }) => pages[String(Marker ?? 'first')] ?? {},
      DetachUserPolicy: ({ UserName }) => {
        if (UserName === 'b') throw gone()
        return {}
      },
      DetachRolePolicy: () => ({}),
      DetachGroupPolicy: () => ({}),
      ListPolicyVersions: () => ({
        Versions: [
          { VersionId: 'v2', IsDefaultVersion: true },
          { VersionId: 'v1', IsDefaultVersion: false },
        ],
      }),
      DeletePolicyVersion: ({ VersionId }) => {
        expect(VersionId).toBe('v1')
        return {}
      },
      DeletePolicy: () => ({}),
    })

    expect(await new IamPolicyRemover(client).remove('arn')).toEqual({ found: true, detached: 4 })
    expect(calls.at(-1)).toBe('DeletePolicy')
    expect(calls.filter(call => call.startsWith('Detach'))).toHaveLength(4)
  })

  it('END-03 a detachment that is denied is an error and deletes nothing', async () => {
    const { client, calls } = handMade({
      GetPolicy: () => ({ Policy: {} }),
      ListEntitiesForPolicy: () => ({ PolicyUsers: [{ UserName: 'a' }] }),
      DetachUserPolicy: () => {
        throw new Error('AccessDenied')
      },
    })

    await expect(new IamPolicyRemover(client).remove('arn')).rejects.toThrow('AccessDenied')
    expect(calls).not.toContain('DeletePolicy')
  })

  it('END-03 that were made between the list and the deletion are taken away too: a conflict is looked at again', async () => {
    let deletions = 0
    const { client, calls } = handMade({
      GetPolicy: () => ({ Policy: { DefaultVersionId: 'v1' } }),
      ListEntitiesForPolicy: () => ({ PolicyUsers: deletions === 0 ? [] : [{ UserName: 'late' }] }),
      DetachUserPolicy: () => ({}),
      ListPolicyVersions: () => ({ Versions: [{ VersionId: 'v1', IsDefaultVersion: true }] }),
      DeletePolicy: () => {
        deletions += 1
        if (deletions === 1) throw new DeleteConflictException({ message: 'attached', $metadata: {} })
        return {}
      },
    })

    expect(await new IamPolicyRemover(client).remove('arn')).toEqual({ found: true, detached: 1 })
    expect(calls.filter(call => call === 'DeletePolicy')).toHaveLength(2)
  })

  it('END-06 of ListPolicies are all read, and attachments of every page are seen', async () => {
    const policies: Readonly<Record<string, object>> = {
      first: { Policies: [{ Arn: 'a' }, { Arn: 'b' }], IsTruncated: true, Marker: 'second' },
      second: { Policies: [], IsTruncated: true, Marker: 'third' },
      third: { Policies: [{ Arn: 'c' }], IsTruncated: false },
    }
    const holders: Readonly<Record<string, object>> = {
      first: { PolicyUsers: [{ UserName: 'u', UserId: 'AIDAU' }], IsTruncated: true, Marker: 'second' },
      second: {
        PolicyRoles: [{ RoleName: 'r', RoleId: 'AROAR' }],
        PolicyGroups: [{ GroupName: 'g', GroupId: 'AGPAG' }],
        IsTruncated: false,
      },
    }
    const { client } = handMade({
      ListPolicies: ({ Marker, Scope, PathPrefix }) => {
        expect({ Scope, PathPrefix }).toEqual({ Scope: 'Local', PathPrefix: GRANT_PATH })
        return policies[String(Marker ?? 'first')] ?? {}
      },
      GetPolicy: () => ({ Policy: { DefaultVersionId: 'v2' } }),
      GetPolicyVersion: () => ({ PolicyVersion: { Document: encodeURIComponent('{}') } }),
      ListEntitiesForPolicy: ({ Marker }) => holders[String(Marker ?? 'first')] ?? {},
    })
    const inventory = new IamPolicyInventory(client)
    const listed: string[] = []
    for await (const arn of inventory.grantPolicies()) listed.push(arn)

    expect(listed).toEqual(['a', 'b', 'c'])
    expect(await inventory.look('a')).toMatchObject({
      defaultVersionId: 'v2',
      attachedTo: [
        { kind: 'user', name: 'u', uniqueId: 'AIDAU' },
        { kind: 'role', name: 'r', uniqueId: 'AROAR' },
        { kind: 'group', name: 'g', uniqueId: 'AGPAG' },
      ],
    })
  })

  it('END-06 that cannot be read are an error, never an empty answer', async () => {
    const denied = () => {
      throw new Error('AccessDenied')
    }
    const inventory = new IamPolicyInventory(handMade({ ListPolicies: denied, GetPolicy: denied }).client)

    await expect(inventory.grantPolicies()[Symbol.asyncIterator]().next()).rejects.toThrow('AccessDenied')
    await expect(inventory.look('a')).rejects.toThrow()
  })
})
