import { describe, expect, it } from '@jest/globals'
import { mailFor } from '../../lambdas/adapters/mail-for.ts'
import { createHandler } from '../../lambdas/handlers/decide-by-link/handler.ts'
import { anAccessFile, anEntitlement, aStage } from '../support/an-access-file.ts'
import { aCall } from '../support/api-event.ts'
import { aWorld } from '../support/world.ts'
import { loggerInto } from './routes.ts'

/** Ten in the morning of a Monday, UTC, when Alice asks. */
const HOURS = { timezone: 'UTC', spans: [{ days: ['mon'] as const, from: '11:00', to: '12:00' }], holidays: [] }
const AWAY = {
  of: 'carol',
  to: 'dave',
  from: '2027-02-28T23:00:00Z',
  until: '2027-03-03T23:00:00Z',
  because: 'holidays',
}

describe('a request asked off-hours of somebody who stands in', () => {
  it('APP-03 says both in the mail, on the page and in the events', async () => {
    const access = anAccessFile({
      timezone: 'UTC',
      hours: HOURS,
      delegations: [AWAY],
      entitlements: [anEntitlement({ stages: [aStage({ approvers: ['bob', 'carol'] })] })],
    })
    const world = aWorld({ access })
    const { id } = await world.asked()
    const carol = access.people.carol?.name

    const open = createHandler(world.deps, loggerInto([]))
    const page = async (approver: string) => {
      const { body } = await open(aCall({ path: `/decide/${world.mailTo(approver).token}` }))
      return body.replaceAll(/\s+/g, ' ')
    }
    const mail = (approver: string) => {
      const message = world.announcer.of('approval-asked').find(({ to }) => to.id === approver)
      return message ? mailFor(access, message).text.replaceAll(/\s+/g, ' ') : ''
    }

    const words = `${carol} (until Wed 3 Mar 2027, 23:00 UTC: holidays)`
    expect(mail('dave')).toContain(`You are asked in place of ${words}.`)
    expect(await page('dave')).toContain(words)
    expect(mail('bob')).not.toContain('in place of')
    expect(await page('bob')).not.toContain('in place of')
    for (const text of [mail('bob'), await page('bob')]) {
      expect(text).toContain('asked outside working hours')
      expect(text).toContain('its window reaches outside working hours')
    }
    const [asked, mailed] = await world.details(id)
    expect(asked).toMatchObject({ offHours: { asked: true, window: true } })
    expect(mailed).toMatchObject({
      approvers: ['bob', 'dave'],
      inPlaceOf: [{ approver: 'dave', inPlaceOf: 'carol', until: AWAY.until, because: 'holidays' }],
    })
    const [told] = world.announcer.of('asked')
    expect(told && mailFor(access, told).text).toContain('You asked outside working hours')
  })
})
