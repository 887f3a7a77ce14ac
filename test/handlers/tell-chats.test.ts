import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { type BusEvent, CHAT_EVENTS } from '../../lambdas/contract/bus-event.ts'
import type { Webhook } from '../../lambdas/domain/approval-rules.ts'
import { createHandler } from '../../lambdas/handlers/tell-chats/handler.ts'
import { anAccessFile, anEntitlement, aPerson } from '../support/an-access-file.ts'

const WEBHOOKS: readonly Webhook[] = [
  { name: 'security', kind: 'slack', secretName: 'lapse/security' },
  { name: 'ops', kind: 'teams', secretName: 'lapse/ops' },
]
const HOSTILE = '<!channel> <https://evil.example|your bank> @here *now* [x](https://evil.example) & <@U1> \u202e'

const event: BusEvent = {
  version: 1,
  id: '01JQ0000000000000000000000/5',
  requestId: '01JQ0000000000000000000000',
  sequence: 5,
  type: 'activated',
  at: '2027-03-01T10:15:02Z',
  actor: { service: 'applier' },
  status: 'ACTIVE',
  entitlement: 'logs-read',
  requester: 'alice',
  breakGlass: false,
  grant: { notBefore: '2027-03-01T10:15:00Z', notAfter: '2027-03-01T11:15:00Z' },
  links: { request: 'https://lapse.example.com/requests/01JQ0000000000000000000000' },
}

function aHouse(name = 'Alice Example', title = 'Read the logs') {
  const posts: { readonly webhook: string; readonly message: object }[] = []
  const access = anAccessFile({
    timezone: 'Europe/Berlin',
    people: [aPerson({ id: 'alice', name })],
    entitlements: [anEntitlement({ title })],
    notify: { admins: 'each', webhooks: WEBHOOKS },
  })
  const post = async ({ name: webhook }: Webhook, message: object) => void posts.push({ webhook, message })
  return { posts, tell: createHandler({ access, chat: { post } }) }
}

/** Every text of a message with the key it stands under and the type of what holds it. */
function textsOf(
  value: unknown,
  type = '',
): readonly { readonly type: string; readonly key: string; readonly text: string }[] {
  if (Array.isArray(value)) return value.flatMap(each => textsOf(each, type))
  if (typeof value !== 'object' || value === null) return []
  const own = 'type' in value ? String(value.type) : type
  return Object.entries(value).flatMap(([key, member]) =>
    typeof member === 'string' ? [{ type: own, key, text: member }] : textsOf(member, own),
  )
}

describe('a chat', () => {
  it('NOT-04 is told who was given what, until when, in the zone of the organisation and in UTC', async () => {
    const { tell, posts } = aHouse()

    expect(await tell({ webhook: 'security', event })).toEqual({ outcome: 'told' })

    expect(posts.map(({ webhook }) => webhook)).toEqual(['security'])
    const text = JSON.stringify(posts)
    for (const said of ['Access granted: Alice Example', 'Read the logs', event.requestId]) expect(text).toContain(said)
    expect(text).toContain('12:15:00 (Europe/Berlin) · 11:15:00 UTC')
  })

  it.each(CHAT_EVENTS)('NOT-04 is told of %s in words of its own', async type => {
    const { tell, posts } = aHouse()
    await tell({ webhook: 'ops', event: { ...event, type } })
    await tell({
      webhook: 'ops',
      event: { ...event, type: CHAT_EVENTS[(CHAT_EVENTS.indexOf(type) + 1) % CHAT_EVENTS.length] },
    })

    const [first, second] = posts.map(
      ({ message }) => textsOf(message).find(({ text }) => text.includes(': Alice') || text.includes('of Alice'))?.text,
    )
    expect(first).toBeDefined()
    expect(first).not.toBe(second)
  })

  it('NOT-04 sees at once that it was an emergency', async () => {
    const { tell, posts } = aHouse()

    for (const { name } of WEBHOOKS) await tell({ webhook: name, event: { ...event, breakGlass: true } })

    for (const { message } of posts) expect(JSON.stringify(message)).toContain('Emergency access: Alice Example')
    expect(JSON.stringify(posts[0])).toContain('⚠')
    expect(JSON.stringify(posts[1])).toContain('attention')
  })

  it('NOT-04 on Slack mentions nobody and links nowhere, whatever names and titles hold', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(HOSTILE, '<!everyone>', '<@U012AB3CD>', '&lt;!channel&gt;'),
        fc.string(),
        async (bait, noise) => {
          const { tell, posts } = aHouse(`${noise}${bait}`, bait)
          await tell({ webhook: 'security', event })

          for (const { type, key, text } of textsOf(posts[0]?.message)) {
            if (key === 'type') continue
            if (type === 'plain_text') continue
            expect(text).not.toMatch(/[<>]/)
            expect(text).not.toMatch(/&(?!amp;|lt;|gt;)/)
          }
          expect(JSON.stringify(posts)).not.toContain('mrkdwn')
        },
      ),
      { numRuns: 50 },
    )
  })

  it('NOT-04 on Teams mentions nobody and links nowhere: every text stands in a run, which is no Markdown', async () => {
    const { tell, posts } = aHouse(HOSTILE, HOSTILE)
    await tell({ webhook: 'ops', event })

    const words = textsOf(posts[0]?.message).filter(({ text }) => text.includes('evil.example'))
    expect(words.length).toBeGreaterThan(1)
    expect([...new Set(words.map(({ type, key }) => `${type} ${key}`))]).toEqual(['TextRun text'])
    expect(JSON.stringify(posts)).not.toMatch(/"TextBlock"|"entities"|msteams|selectAction|\u202e/)
  })

  it('NOT-04 that the access file no longer has is told nothing', async () => {
    const { tell, posts } = aHouse()

    expect(await tell({ webhook: 'gone', event })).toEqual({ outcome: 'unknown-webhook' })
    expect(posts).toEqual([])
  })

  it.each([
    {},
    { webhook: 'security' },
    { webhook: 'security', event: { ...event, type: 'asked' } },
    { webhook: 'security', event: { ...event, version: 2 } },
    { webhook: 'security', event: { ...event, at: 'now' } },
    { webhook: 'security', event, more: 1 },
  ])('NOT-04 is told nothing of %j', async input => {
    const { tell, posts } = aHouse()

    await expect(tell(input)).rejects.toThrow()
    expect(posts).toEqual([])
  })
})
