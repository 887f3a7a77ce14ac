import { describe, expect, it } from '@jest/globals'
import { ulid } from 'ulid'
import type { FreezeStore } from '../../lambdas/application/ports/freeze-store.ts'
import type { PolicyInventory } from '../../lambdas/application/ports/policies.ts'
import type { OpenRequests, RequestStore } from '../../lambdas/application/ports/request-store.ts'
import { documentHash, type PolicyDocument } from '../../lambdas/domain/fence.ts'
import { plusSeconds } from '../../lambdas/domain/instant.ts'
import { cancel, note } from '../../lambdas/domain/lifecycle.ts'
import { ASKED_AT, aBeginning } from '../support/a-request.ts'
import { chance } from '../support/an-access-file.ts'
import type { Iam } from './iam-contract.ts'

async function all(items: AsyncIterable<string>): Promise<readonly string[]> {
  const found: string[] = []
  for await (const item of items) found.push(item)
  return found
}

/** What the index of open requests must do; run against the fake and against DynamoDB. */
export function openRequestsContract(
  name: string,
  stores: () => { readonly requests: RequestStore; readonly open: OpenRequests },
): void {
  /** The index may lag by a moment. */
  async function eventually(isRight: (ids: readonly string[]) => boolean): Promise<readonly string[]> {
    let ids = await all(stores().open.openRequests())
    for (let tries = 0; tries < 20 && !isRight(ids); tries += 1) {
      await new Promise(resolve => setTimeout(resolve, 100))
      ids = await all(stores().open.openRequests())
    }
    return ids
  }

  describe(`${name}: open requests`, () => {
    it('END-02 are those that can still change, each once, until they are over', async () => {
      const { requests } = stores()
      const [one, two] = [aBeginning({ id: ulid() }), aBeginning({ id: ulid() })]
      await requests.create(one)
      await requests.create(two)
      const ofThese = (ids: readonly string[]) => ids.filter(id => id === one.to.id || id === two.to.id).sort()
      const both = [one.to.id, two.to.id].sort()
      expect(ofThese(await eventually(ids => ofThese(ids).length === 2))).toEqual(both)

      await requests.commit(note(one.to, { type: 'mail-failed', at: ASKED_AT, actor: { service: 'a' }, details: {} }))
      expect(ofThese(await eventually(ids => ofThese(ids).length === 2))).toEqual(both)

      await requests.commit(cancel(two.to, 'alice', ASKED_AT))
      expect(ofThese(await eventually(ids => ofThese(ids).length === 1))).toEqual([one.to.id])
    })

    it('END-02 of more than one page are all given, each once', async () => {
      const made = Array.from({ length: 120 }, () => aBeginning({ id: ulid() }))
      for (const beginning of made) await stores().requests.create(beginning)
      const ids = new Set(made.map(({ to }) => to.id))

      const found = (await eventually(all => all.filter(id => ids.has(id)).length === 120)).filter(id => ids.has(id))

      expect(found.toSorted()).toEqual([...ids].sort())
    })
  })
}

/** What the keeper of the freeze must do; run against the fake and against DynamoDB. */
export function freezeContract(name: string, freezes: () => FreezeStore): void {
  describe(`${name}: the freeze`, () => {
    const freeze = { by: 'adam', at: ASKED_AT, reason: 'an intruder: „böse“ 🎉' }

    it('END-05 is off at first, and lifting it then is no error', async () => {
      await freezes().lift('adam', ASKED_AT)

      expect(await freezes().current()).toBeUndefined()
    })

    it('END-05 holds until it is lifted, and a second one changes nothing', async () => {
      expect(await freezes().freeze(freeze)).toEqual(freeze)
      expect(await freezes().current()).toEqual(freeze)
      expect(await freezes().freeze({ by: 'bob', at: plusSeconds(ASKED_AT, 60), reason: 'later' })).toEqual(freeze)
      expect(await freezes().current()).toEqual(freeze)

      await freezes().lift('adam', plusSeconds(ASKED_AT, 120))
      await freezes().lift('adam', plusSeconds(ASKED_AT, 180))
      expect(await freezes().current()).toBeUndefined()
    })

    it('END-05 can be put on again', async () => {
      const again = { ...freeze, at: plusSeconds(ASKED_AT, 240), reason: 'again' }

      expect(await freezes().freeze(again)).toEqual(again)
      expect(await freezes().current()).toEqual(again)
      await freezes().lift('adam', plusSeconds(ASKED_AT, 300))
    })

    it('END-05 of ten at once is one, and all are told which', async () => {
      const ten = Array.from({ length: 10 }, (_, n) => ({
        ...freeze,
        at: plusSeconds(ASKED_AT, 400 + n),
        by: `admin-${n}`,
      }))

      const outcomes = await Promise.all(ten.map(one => freezes().freeze(one)))

      const current = await freezes().current()
      expect(ten).toContainEqual(current)
      for (const outcome of outcomes) expect(outcome).toEqual(current)
      await freezes().lift('adam', plusSeconds(ASKED_AT, 500))
    })
  })
}

/** What the sweep sees of IAM; run against the fake and against IAM of the emulator. */
export function inventoryContract(name: string, iam: () => Iam & { readonly inventory: PolicyInventory }): void {
  const DOCUMENT: PolicyDocument = {
    Version: '2012-10-17',
    Statement: [{ Sid: 'L', Effect: 'Allow', Action: ['s3:GetObject'], Resource: ['arn:aws:s3:::b/*'], Condition: {} }],
  }
  const letters = () => chance.text('ABCDEFGHJKMNPQRSTVWXYZ', 26)
  const arnIn = (path: string) => `arn:aws:iam::${iam().account}:policy${path}${letters()}`
  const made = async (path = '/lapse/grant/20270301T111500Z/') => {
    const arn = arnIn(path)
    await iam().author.create({ arn, document: DOCUMENT, tags: {} })
    return arn
  }

  describe(`${name}: the inventory`, () => {
    it('END-02 lists every policy under the path and none beside it, over many pages, each once', async () => {
      const grants: string[] = []
      for (let count = 0; count < 105; count += 1)
        grants.push(await made(`/lapse/grant/2027030${(count % 9) + 1}T111500Z/`))
      const beside = [await made('/lapse/'), await made('/'), await made('/other/lapse/grant/')]

      const listed = await all(iam().inventory.grantPolicies())

      expect(listed.filter(arn => grants.includes(arn)).toSorted()).toEqual(grants.toSorted())
      expect(new Set(listed).size).toBe(listed.length)
      expect(listed.filter(arn => beside.includes(arn))).toEqual([])
      for (const arn of [...grants, ...beside]) await iam().remover.remove(arn)
    }, 90_000)

    it('END-02 can be walked while what it lists is removed, and loses nothing', async () => {
      const grants: string[] = []
      for (let count = 0; count < 105; count += 1) grants.push(await made())
      const seen: string[] = []

      for await (const arn of iam().inventory.grantPolicies()) {
        seen.push(arn)
        if (grants.includes(arn)) await iam().remover.remove(arn)
      }

      expect(seen.filter(arn => grants.includes(arn)).toSorted()).toEqual(grants.toSorted())
    }, 90_000)

    it('END-06 looks at one policy: its document, its version and everybody who has it', async () => {
      const arn = await made()
      const alice = `arn:aws:iam::${iam().account}:user/people/${chance.text('abcdefghijklmnop', 12)}`
      const uniqueId = await iam().addUser(alice)
      expect(await iam().inventory.look(arn)).toEqual({
        arn,
        defaultVersionId: 'v1',
        documentHash: documentHash(DOCUMENT),
        attachedTo: [],
      })

      await iam().binder.attach(alice, arn)
      await iam().meddle(arn)

      const found = await iam().inventory.look(arn)
      expect(found?.defaultVersionId).not.toBe('v1')
      expect(found?.documentHash).not.toBe(documentHash(DOCUMENT))
      expect(found?.attachedTo.map(({ kind }) => kind).toSorted()).toEqual(['group', 'role', 'user'])
      const name = alice.slice(alice.lastIndexOf('/') + 1)
      expect(found?.attachedTo).toContainEqual({ kind: 'user', name, uniqueId })
      await iam().remover.remove(arn)
    })

    it('END-06 detaches from one holder of each kind and leaves the others; again is success', async () => {
      const arn = await made()
      const alice = `arn:aws:iam::${iam().account}:user/people/${chance.text('abcdefghijklmnop', 12)}`
      await iam().addUser(alice)
      await iam().binder.attach(alice, arn)
      await iam().meddle(arn)

      for (let left = 3; left > 0; left -= 1) {
        const holders = (await iam().inventory.look(arn))?.attachedTo ?? []
        expect(holders).toHaveLength(left)
        const [first] = holders
        if (!first) throw new Error('nobody has it')
        await iam().inventory.detach(arn, first)
        await iam().inventory.detach(arn, first)
      }
      expect((await iam().inventory.look(arn))?.attachedTo).toEqual([])
      await iam().remover.remove(arn)
    })

    it('END-06 of what is gone is nothing, and detaching it is success', async () => {
      const arn = arnIn('/lapse/grant/20270301T111500Z/')

      expect(await iam().inventory.look(arn)).toBeUndefined()
      await iam().inventory.detach(arn, { kind: 'user', name: 'nobody-at-all', uniqueId: 'AIDAX' })
    })
  })
}
