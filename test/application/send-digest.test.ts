import { beforeEach, describe, expect, it } from '@jest/globals'
import { closeFindingOf } from '../../lambdas/application/close-finding.ts'
import type { Digest, DigestMailer } from '../../lambdas/application/ports/digest-mailer.ts'
import { sendDigest } from '../../lambdas/application/send-digest.ts'
import type { Person } from '../../lambdas/domain/access-file.ts'
import { plusSeconds, wholeSeconds } from '../../lambdas/domain/instant.ts'
import { digestContract } from '../adapters/digest-contract.ts'
import { keptFinding } from '../support/a-finding.ts'
import { anAccessFile, anEntitlement } from '../support/an-access-file.ts'
import { BREAK_GLASS } from '../support/emergency-world.ts'
import { Faults } from '../support/faults.ts'
import { InMemoryDigestStore } from '../support/in-memory-digest-store.ts'
import { aWorld } from '../support/world.ts'

const A_DAY = 86_400
const HOUR = 3600

class RecordedMailer implements DigestMailer {
  readonly mails: { readonly to: string; readonly digest: Digest }[] = []
  readonly #faults: Faults

  constructor(faults: Faults) {
    this.#faults = faults
  }

  send({ id }: Person, digest: Digest): Promise<void> {
    return this.#faults.around(`mail.${id}`, () => void this.mails.push({ to: id, digest }))
  }
}

/** Two administrators who want one mail a day. */
function aHouse() {
  const world = aWorld({
    access: { ...aWorld().access, admins: ['adam', 'erin'], notify: { admins: 'daily', webhooks: [] } },
  })
  const faults = new Faults()
  const mailer = new RecordedMailer(faults)
  const deps = { ...world.deps, digests: new InMemoryDigestStore(faults), mailer }
  return { world, faults, mailer, send: () => sendDigest(deps) }
}

/** The ids of the elevations each mail tells of. */
const told = ({ mails }: RecordedMailer) =>
  mails.map(({ to, digest }) => [to, ...digest.elevations.map(({ id }) => id)])

digestContract(
  'memory',
  (
    store => () =>
      store
  )(new InMemoryDigestStore()),
)

describe('the digest', () => {
  let house: ReturnType<typeof aHouse>
  beforeEach(() => {
    house = aHouse()
  })

  it('NOT-03 tells each administrator of all elevations since the last one, and of none twice', async () => {
    const { world, mailer, send } = house
    const first = await world.active()
    const second = await world.active()
    world.clock.step(HOUR)

    expect(await send()).toEqual({ spans: 1, elevations: 2, mails: 2 })
    expect(told(mailer)).toEqual([
      ['adam', first.id, second.id],
      ['erin', first.id, second.id],
    ])

    const third = await world.active()
    world.clock.step(A_DAY)
    await send()
    expect(told(mailer).slice(2)).toEqual([
      ['adam', third.id],
      ['erin', third.id],
    ])
  })

  it('NOT-03 sends no mail when there is nothing to tell, and takes up later what began a moment before', async () => {
    const { world, mailer, send } = house
    expect(await send()).toEqual({ spans: 1, elevations: 0, mails: 0 })
    world.clock.step(HOUR)
    const { id } = await world.active()

    world.clock.step(60)
    expect(await send()).toMatchObject({ mails: 0 })
    world.clock.step(HOUR)
    expect(await send()).toMatchObject({ mails: 2 })
    expect(told(mailer)[0]).toEqual(['adam', id])
  })

  it('ANO-05 NOT-03 says each day how many findings are open and since when, until they are closed', async () => {
    const { world, mailer, send } = house
    const { id, openedAt } = await keptFinding(world.findings, { subject: 'carol' })
    const rule = 'request-spike'
    await keptFinding(world.findings, {
      id: `${id.slice(0, 25)}2`,
      rule,
      subject: 'dave',
      openedAt: plusSeconds(openedAt, HOUR),
    })
    const said = () => mailer.mails.map(({ to, digest }) => [to, digest.findings])
    world.clock.step(HOUR)

    expect(await send()).toEqual({ spans: 1, elevations: 0, mails: 2 })
    const findings = { count: 2, oldest: openedAt }
    expect(said()).toEqual([
      ['adam', findings],
      ['erin', findings],
    ])

    await world.active()
    await closeFindingOf(world.deps, id, { by: 'adam', comment: 'a new task' })
    world.clock.step(A_DAY)
    expect(await send()).toEqual({ spans: 1, elevations: 1, mails: 2 })
    expect(said().slice(2)[0]).toEqual(['adam', { count: 1, oldest: plusSeconds(openedAt, HOUR) }])

    await closeFindingOf(world.deps, `${id.slice(0, 25)}2`, { by: 'adam', comment: 'the same task' })
    world.clock.step(A_DAY)
    expect(await send()).toMatchObject({ mails: 0 })
  })

  it('ANO-05 NOT-03 counts the open findings of every page', async () => {
    const { world, mailer, send } = house
    const at = (index: number) => plusSeconds(new Date('2027-02-01T00:00:00Z'), index)
    for (let index = 0; index < 101; index += 1) {
      const id = `01MGFND1NG0000000000000${String(index).padStart(3, '0')}`
      await keptFinding(world.findings, { id, subject: `person-${index}`, openedAt: at(index) })
    }
    world.clock.step(HOUR)

    await send()

    expect(mailer.mails[0]?.digest.findings).toEqual({ count: 101, oldest: at(0) })
  })

  it('NOT-03 leaves out what was never given', async () => {
    const { world, mailer, send } = house
    await world.asked()
    const denied = await world.asked()
    await world.decide('bob', { decision: 'deny' })
    const { id } = await world.approved()
    await world.end(id)
    expect((await world.request(id)).status).toBe('FAILED')
    world.clock.step(HOUR)

    await send()

    expect((await world.request(denied.id)).status).toBe('DENIED')
    expect(mailer.mails).toEqual([])
  })

  it('NOT-03 tells of a grant when it begins, however long before it was asked for', async () => {
    const { world, mailer, send } = house
    await send()
    const earliestStart = wholeSeconds(plusSeconds(world.clock.now(), 3 * A_DAY))
    const { id } = await world.asked({ ask: { earliestStart } })
    await world.decide('bob')
    world.clock.step(A_DAY)
    await send()
    expect(mailer.mails).toEqual([])

    world.clock.step(3 * A_DAY)
    await send()

    expect(told(mailer)).toEqual([
      ['adam', id],
      ['erin', id],
    ])
  })

  it('NOT-03 finds a grant that was asked for long before behind any number of requests since', async () => {
    const { world, mailer, send } = house
    world.deps.attachmentsPerUser = 1000
    const earliestStart = wholeSeconds(plusSeconds(world.clock.now(), 3 * A_DAY))
    const { id } = await world.asked({ ask: { earliestStart } })
    await world.decide('bob')
    world.clock.step(HOUR)
    for (let count = 0; count < 101; count += 1) await world.started()
    world.clock.step(A_DAY)
    await send()

    world.clock.step(3 * A_DAY)
    await send()

    expect(told(mailer)).toEqual([
      ['adam', id],
      ['erin', id],
    ])
  })

  it('NOT-03 FI-1 that breaks off anywhere is gone on with: everybody is told of everything, and of nothing twice by a fault before it', async () => {
    for (const moment of ['before', 'after'] as const) {
      for (let index = 0; index < 6; index += 1) {
        const { world, faults, mailer, send } = aHouse()
        const { id } = await world.active()
        world.clock.step(HOUR)
        faults.reset()
        faults.failAt(index, moment)
        await send().catch(() => undefined)
        world.clock.step(60)
        await send()

        const mails = told(mailer).map(each => each.join(' '))
        expect([...new Set(mails)].sort()).toEqual([`adam ${id}`, `erin ${id}`])
        // Only the mail whose acknowledgement got lost, or whose note did, may go out again.
        expect(mails.length).toBeLessThanOrEqual(3)
      }
    }
  })

  it('NOT-03 leaves failures and emergencies to mails of their own, which go out at once', async () => {
    const { world } = house
    const { id } = await world.approved()
    await world.end(id)

    expect(world.announcer.told.filter(each => each.startsWith('failed'))).toEqual([
      'failed-to-admin adam',
      'failed-to-admin erin',
      'failed alice',
    ])
    const access = anAccessFile({
      entitlements: [anEntitlement({ breakGlass: BREAK_GLASS })],
      notify: { admins: 'daily', webhooks: [] },
    })
    const emergency = aWorld({ access })
    await emergency.asked({ ask: { isBreakGlass: true } })
    expect(emergency.announcer.told).toContain('break-glass-used adam')
  })

  it('NOT-03 replaces the mail to administrators at each elevation', async () => {
    const { world } = house
    await world.active()

    expect(world.announcer.told.filter(each => each.startsWith('granted'))).toEqual(['granted alice'])
    const each = aWorld({ access: anAccessFile() })
    await each.active()
    expect(each.announcer.told).toContain('granted-to-admin adam')
  })
})
