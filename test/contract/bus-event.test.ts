import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { $BusEvent, busEvent, busEventJsonSchema, DETAIL_TYPES } from '../../lambdas/contract/bus-event.ts'
import { EVENT_TYPES } from '../../lambdas/domain/ledger.ts'
import { anEmergencyWorld } from '../support/emergency-world.ts'
import { aWorld, type World } from '../support/world.ts'

const API_URL = 'https://lapse.example.com'
const SECRET = 'a word only the reason has'

async function detailsOf(world: Pick<World, 'store'>, requestId: string, seen = Number.POSITIVE_INFINITY) {
  const history = await world.store.history(requestId)
  if (!history) throw new Error(`there is no request ${requestId}`)
  return history.events
    .filter(({ sequence }) => sequence <= seen)
    .map(event => {
      const events = history.events.filter(({ sequence }) => sequence <= event.sequence)
      return busEvent({ ...history, event, events }, API_URL)
    })
}

/** A whole life: asked with a reason, approved with a comment, granted, taken away. */
async function aLife(world = aWorld()) {
  const { id } = await world.asked({ reason: SECRET, ticket: 'OPS-17' })
  await world.decide('bob', { comment: 'a comment of Bob' })
  await world.issue(id)
  await world.attach(id)
  await world.endEarly(id)
  return { world, id }
}

describe('an event on the bus', () => {
  it('NOT-04 fits its schema at every step of a life, and says what the request was then', async () => {
    const { world, id } = await aLife()

    const details = await detailsOf(world, id)

    for (const detail of details) expect($BusEvent.parse(detail)).toEqual(detail)
    expect(details.map(({ type, status }) => `${type} ${status}`)).toEqual([
      'asked PENDING',
      'approvers-asked PENDING',
      'approved APPROVED',
      'activated ACTIVE',
      'end-ordered ACTIVE',
      'ended ENDED',
    ])
    expect(details.map(({ id: own }) => own)).toEqual(details.map(({ sequence }) => `${id}/${sequence}`))
    expect(details.at(-1)).toMatchObject({
      version: 1,
      requester: 'alice',
      entitlement: 'logs-read',
      breakGlass: false,
      cause: 'revoked',
      links: { request: `https://lapse.example.com/requests/${id}` },
    })
  })

  it('NOT-04 is the same when it is made again after more has happened', async () => {
    const world = aWorld()
    const { id } = await world.asked()
    const before = await detailsOf(world, id)
    await world.decide('bob')

    const again = await detailsOf(world, id, before.length)

    expect(again).toEqual(before)
    expect(again.every(({ grant }) => grant === undefined)).toBe(true)
    expect((await detailsOf(world, id)).at(-1)?.grant).toBeDefined()
  })

  it('NOT-04 has nothing a person wrote, no name, no address and no ARN in it', async () => {
    const { world, id } = await aLife()

    const text = JSON.stringify(await detailsOf(world, id))

    expect((await world.details(id)).map(details => JSON.stringify(details)).join()).toContain(SECRET)
    for (const told of [SECRET, 'a comment of Bob', 'OPS-17', 'arn:aws', '@example.com', 'AIDA']) {
      expect(text).not.toContain(told)
    }
    const name = world.access.people.alice?.name ?? ''
    expect(name).not.toBe('')
    expect(text).not.toContain(name)
  })

  it('NOT-04 marks what was taken in an emergency', async () => {
    const world = anEmergencyWorld()
    const { id } = await world.emergency()

    expect((await detailsOf(world, id)).map(({ breakGlass }) => breakGlass)).toContain(true)
  })

  it('NOT-04 has a detail type of its own for every type of event', () => {
    const words = EVENT_TYPES.map(type => DETAIL_TYPES[type])

    expect(new Set(words).size).toBe(EVENT_TYPES.length)
    expect(words.filter(each => !/^[A-Z][a-z]+(?: [A-Z][a-z]+)+$/.test(each))).toEqual([])
  })

  it('NOT-04 is described by docs/bus-event.schema.json and docs/events.md as it is', () => {
    const page = readFileSync('docs/events.md', 'utf8')

    expect(readFileSync('docs/bus-event.schema.json', 'utf8')).toBe(busEventJsonSchema())
    for (const type of EVENT_TYPES) {
      expect(page).toMatch(new RegExp(`\\| \`${type}\` +\\| ${DETAIL_TYPES[type]} +\\|`))
    }
    for (const field of Object.keys($BusEvent.shape)) expect(page).toMatch(new RegExp(`\\| \`${field}\` +\\|`))
  })
})
