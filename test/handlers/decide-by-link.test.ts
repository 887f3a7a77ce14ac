import { describe, expect, it } from '@jest/globals'
import { PAGE_HEADERS } from '../../lambdas/pages/headers.ts'
import { anAccessFile, anEntitlement, aStage } from '../support/an-access-file.ts'
import { aWorld, worldAccess } from '../support/world.ts'
import { routesOf } from './routes.ts'

const BROWSER = { 'content-type': 'application/x-www-form-urlencoded', 'Sec-Fetch-Site': 'same-origin' }

async function anAskedHouse(access = worldAccess()) {
  const world = aWorld({ access })
  const { decide } = routesOf(world)
  const { id } = await world.asked()
  const { token, tokenHash, code } = world.mailTo('bob')
  const path = `/decide/${token}`
  const get = () => decide({ isUnsigned: true, path })
  const seen = /name="seen" value="([0-9a-f]{64})"/.exec((await get()).text)?.[1] ?? ''
  const post = (form: Record<string, string> | string, headers: Record<string, string> = BROWSER, to = path) =>
    decide({
      isUnsigned: true,
      method: 'POST',
      path: to,
      body: typeof form === 'string' ? form : new URLSearchParams(form).toString(),
      headers,
    })
  const answer = { decision: 'approve', seen, code, comment: '' }
  const state = () =>
    JSON.stringify([[...world.store.rows], [...world.links.rows], world.workflow.answers, world.announcer.told])
  return { world, decide, id, token, tokenHash, code, path, get, seen, post, answer, state }
}

describe('GET /decide/{token}', () => {
  it('APP-03 shows requester, entitlement, resources, reason, risk and window, and offers both answers', async () => {
    const { get, world, seen } = await anAskedHouse()

    const { status, headers, text } = await get()

    expect(status).toBe(200)
    expect(headers).toEqual(PAGE_HEADERS)
    const { alice } = world.access.people
    for (const shown of [alice?.name ?? '?', 'arn:aws:s3:::prod-logs/*', 's3:GetObject', 'the nightly job is stuck']) {
      expect(text).toContain(shown)
    }
    expect(seen).toHaveLength(64)
    expect(text).toContain('value="approve"')
    expect(text).toContain('value="deny"')
    expect(text).not.toMatch(/<script|checked|autofocus/)
  })

  it('APP-02 never shows the code, the token or another way in', async () => {
    const { get, code, token, tokenHash } = await anAskedHouse()

    const { text } = await get()

    for (const secret of [code, token, tokenHash, 'task-token']) expect(text).not.toContain(secret)
  })

  it('APP-01 fifty times, and HEAD, OPTIONS, PUT and DELETE, change nothing', async () => {
    const { get, decide, path, state } = await anAskedHouse()
    const before = state()

    for (let reading = 0; reading < 50; reading += 1) expect((await get()).status).toBe(200)
    for (const method of ['HEAD', 'OPTIONS', 'PUT', 'DELETE', 'PATCH']) {
      const answer = await decide({ isUnsigned: true, method, path })
      expect(answer).toMatchObject({ status: 405, headers: { ...PAGE_HEADERS, allow: 'GET, POST' } })
    }

    expect(state()).toBe(before)
  })

  it('APP-01 of a link that is unknown, malformed, used, expired or void is one page, byte for byte', async () => {
    const unknown = await anAskedHouse()
    const pages = [await unknown.decide({ isUnsigned: true, path: `/decide/${'x'.repeat(43)}` })]
    pages.push(await unknown.decide({ isUnsigned: true, path: '/decide/short' }))
    pages.push(await unknown.decide({ isUnsigned: true, path: `/decide/${'%'.repeat(43)}` }))
    const used = await anAskedHouse(
      anAccessFile({
        entitlements: [
          anEntitlement({ codeRequired: true, stages: [aStage({ approvers: ['bob', 'carol'], quorum: 2 })] }),
        ],
      }),
    )
    await used.world.decide('bob')
    pages.push(await used.get())
    const expired = await anAskedHouse()
    expired.world.clock.step(14_400)
    pages.push(await expired.get())
    const voided = await anAskedHouse()
    for (const _ of [1, 2, 3, 4, 5]) await voided.post({ ...voided.answer, code: '000000' })
    pages.push(await voided.get())

    for (const page of pages) expect(page).toEqual(pages[0])
    expect(pages[0]).toMatchObject({ status: 404, headers: PAGE_HEADERS })
  })

  it('APP-10 of a request that is over says so with 409', async () => {
    const { world, id, get, post, answer } = await anAskedHouse()
    await world.cancel(id)

    expect(await get()).toMatchObject({
      status: 409,
      headers: PAGE_HEADERS,
      text: expect.stringContaining('taken this request back'),
    })
    expect(await post(answer)).toMatchObject({ status: 409 })
  })

  it('APP-03 keeps what was typed into a reason as text', async () => {
    const world = aWorld()
    const { decide } = routesOf(world)
    await world.asked({ reason: '"><script>alert(1)</script><img src=x onerror=y>' })

    const { text } = await decide({ isUnsigned: true, path: `/decide/${world.mailTo('bob').token}` })

    expect(text).not.toContain('<script>')
    expect(text).not.toContain('<img')
    expect(text).toContain('&lt;script&gt;')
  })
})

describe('POST /decide/{token}', () => {
  it('APP-01 approves with the code of the mail', async () => {
    const { post, answer, world, id } = await anAskedHouse()

    const page = await post({ ...answer, comment: '  go on  ' })

    expect(page).toMatchObject({ status: 200, headers: PAGE_HEADERS, text: expect.stringContaining('You approved it') })
    expect(await world.request(id)).toMatchObject({
      status: 'APPROVED',
      decisions: [{ approver: 'bob', comment: 'go on' }],
    })
  })

  it('APP-01 denies', async () => {
    const { post, answer, world, id } = await anAskedHouse()

    expect(await post({ ...answer, decision: 'deny' })).toMatchObject({
      status: 200,
      headers: PAGE_HEADERS,
      text: expect.stringContaining('You denied it'),
    })
    expect((await world.request(id)).status).toBe('DENIED')
  })

  it('APP-05 says when more approvals are needed', async () => {
    const stages = [aStage({ approvers: ['bob', 'carol'], quorum: 2 })]
    const { post, answer } = await anAskedHouse(
      anAccessFile({ entitlements: [anEntitlement({ codeRequired: true, stages })] }),
    )

    expect(await post(answer)).toMatchObject({
      status: 200,
      text: expect.stringContaining('More approvals are needed'),
    })
  })

  it('APP-01 from another site changes nothing, whatever it carries', async () => {
    const { post, answer, state } = await anAskedHouse()
    const before = state()

    for (const site of ['cross-site', 'same-site', 'none', '']) {
      expect(await post(answer, { 'sec-fetch-site': site })).toMatchObject({ status: 404, headers: PAGE_HEADERS })
    }
    expect(state()).toBe(before)
    expect((await post(answer, {})).status).toBe(200)
  })

  it('APP-02 a code that is not six digits costs no try, and the comment stays in the form', async () => {
    const { post, answer, world, tokenHash, state } = await anAskedHouse()
    const before = state()

    for (const code of ['', '12345', '1234567', 'abcdef', '12 456', '１２３４５６', '-12345', '12345\n']) {
      const page = await post({ ...answer, code, comment: 'typed <b>before</b>' })
      expect(page).toMatchObject({
        status: 400,
        headers: PAGE_HEADERS,
        text: expect.stringContaining('did not count as a try'),
      })
      expect(page.text).toContain('typed &lt;b&gt;before&lt;/b&gt;')
    }
    expect(state()).toBe(before)
    expect(world.links.rows.get(tokenHash)?.tries).toBe(0)
  })

  it('APP-02 counts wrong codes down and closes the link at the fifth', async () => {
    const { post, answer, world, id } = await anAskedHouse()
    const wrong = { ...answer, code: '000000' }

    for (const left of ['4 tries are left', '3 tries are left', '2 tries are left', 'One try is left']) {
      expect(await post(wrong)).toMatchObject({
        status: 400,
        headers: PAGE_HEADERS,
        text: expect.stringContaining(left),
      })
    }
    expect(await post(wrong)).toMatchObject({
      status: 403,
      headers: PAGE_HEADERS,
      text: expect.stringContaining('This link is closed'),
    })
    expect(await post(answer)).toMatchObject({ status: 404 })
    expect((await world.request(id)).status).toBe('PENDING')
  })

  it('APP-04 with the hash of something else is 409, costs no try and changes nothing', async () => {
    const { post, answer, state } = await anAskedHouse()
    const before = state()

    expect(await post({ ...answer, seen: 'f'.repeat(64) })).toMatchObject({
      status: 409,
      headers: PAGE_HEADERS,
      text: expect.stringContaining('The request has changed'),
    })
    expect(state()).toBe(before)
  })

  it('APP-10 twice is once: the second is told that the link is dead, and changes nothing', async () => {
    const { post, answer, world, id } = await anAskedHouse()
    await post(answer)
    const before = await world.request(id)

    expect([404, 409]).toContain((await post({ ...answer, decision: 'deny' })).status)
    expect(await world.request(id)).toEqual(before)
  })

  it('APP-10 two answers at once: one page says decided, the other 409', async () => {
    const { post, answer, world, id } = await anAskedHouse()

    const pages = await Promise.all([post(answer), post({ ...answer, decision: 'deny' })])

    expect(pages.map(({ status }) => status).sort()).toEqual([200, 409])
    expect((await world.request(id)).decisions).toHaveLength(1)
  })

  it.each([
    ['empty', ''],
    ['JSON', '{"decision":"approve"}'],
    ['without a decision', { seen: 'SEEN', code: 'CODE' }],
    ['another decision', { decision: 'maybe', seen: 'SEEN', code: 'CODE' }],
    ['without what was seen', { decision: 'approve', code: 'CODE' }],
    ['a seen that is no hash', { decision: 'approve', seen: 'x', code: 'CODE' }],
    ['a code of 33 characters', { decision: 'approve', seen: 'SEEN', code: '1'.repeat(33) }],
    ['percent junk', '%E0%A4%A&decision=%'],
    ['prototype names', '__proto__=x&constructor=y&toString=z'],
  ])('APP-02 a form that is %s is 400 and changes nothing', async (_, form) => {
    const { post, state, seen, code } = await anAskedHouse()
    const before = state()
    const filled =
      typeof form === 'string'
        ? form
        : Object.fromEntries(
            Object.entries(form).map(([name, value]) => [
              name,
              value === 'SEEN' ? seen : value === 'CODE' ? code : value,
            ]),
          )

    expect(await post(filled)).toMatchObject({ status: 400, headers: PAGE_HEADERS })
    expect(state()).toBe(before)
  })

  it('APP-08 a comment as long as the page lets it be is taken, however its lines end', async () => {
    const { post, answer, world, id } = await anAskedHouse()
    // A browser counts a line break as one character and sends it as two.
    const typed = `${'x'.repeat(19)}\n`.repeat(50)

    expect((await post({ ...answer, comment: typed.replaceAll('\n', '\r\n') })).status).toBe(200)
    expect((await world.request(id)).decisions[0]?.comment).toHaveLength(typed.trim().length)
  })

  it('APP-08 a comment that is too long says so and gives it back', async () => {
    const { post, answer, state } = await anAskedHouse()
    const before = state()

    const page = await post({ ...answer, comment: 'x'.repeat(1001) })

    expect(page).toMatchObject({ status: 400, text: expect.stringContaining('longer than 1000') })
    expect(state()).toBe(before)
  })

  it('APP-08 a comment keeps no control characters', async () => {
    const { post, answer, world, id } = await anAskedHouse()

    await post({ ...answer, comment: 'go\u0000 on\u001b[31m' })

    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect((await world.request(id)).decisions[0]?.comment ?? '').not.toMatch(/[\u0000\u001b]/)
  })

  it('APP-01 a form of more than 16,384 bytes is a page with 413 and changes nothing', async () => {
    const { post, answer, state } = await anAskedHouse()
    const before = state()

    expect(await post({ ...answer, comment: 'x'.repeat(17_000) })).toMatchObject({ status: 413, headers: PAGE_HEADERS })
    expect(state()).toBe(before)
  })

  it('APP-02 the code is not asked for where the entitlement does not', async () => {
    const { post, answer, get } = await anAskedHouse(
      anAccessFile({ entitlements: [anEntitlement({ codeRequired: false })] }),
    )

    expect((await get()).text).not.toContain('name="code"')
    expect(await post({ decision: 'approve', seen: answer.seen })).toMatchObject({ status: 200 })
  })

  it('APP-08 takes a shorter duration, and page, request and event say what was asked and what is allowed', async () => {
    const { get, post, answer, world, id } = await anAskedHouse()
    expect((await get()).text).toMatch(/<option value="">1 hour, as asked<\/option>\n<option value="PT30M">30 minutes</)

    const { status, text } = await post({ ...answer, duration: 'PT30M' })

    expect(status).toBe(200)
    expect(text).toMatch(/30 minutes, allowed by Bob \w+<\/p><p>Asked for: 1 hour/)
    const { grant, durationSeconds, decisions } = await world.granted(id)
    expect([durationSeconds, decisions[0]?.durationSeconds]).toEqual([3600, 1800])
    expect(grant.notAfter).toEqual(new Date('2027-03-01T10:30:00Z'))
    expect((await world.details(id)).at(-1)).toMatchObject({ duration: 'PT30M' })
  })

  it('APP-08 a duration left as it is allows what was asked, and a denial has none', async () => {
    const whole = await anAskedHouse()
    await whole.post({ ...whole.answer, duration: '' })
    const denied = await anAskedHouse()
    await denied.post({ ...denied.answer, decision: 'deny', duration: 'PT30M' })

    expect((await whole.world.granted(whole.id)).grant.notAfter).toEqual(new Date('2027-03-01T11:00:00Z'))
    expect((await denied.world.request(denied.id)).decisions[0]).not.toHaveProperty('durationSeconds')
  })

  it.each(['PT2H', 'PT1H1S', 'PT4M59S', 'PT0S', 'P1Y', '-PT30M', '30m', 'x'.repeat(40)])(
    'APP-08 the duration %s is refused in the form, which says what would do, keeps what was typed and burns nothing',
    async duration => {
      const { post, answer, state, tokenHash, world } = await anAskedHouse()
      const before = state()

      const { status, text } = await post({ ...answer, duration, comment: 'only this once' })

      expect(status).toBe(400)
      expect(text).toContain('What would do: 5 minutes to 1 hour.')
      expect(text).toContain('only this once')
      expect(state()).toBe(before)
      expect(world.links.rows.get(tokenHash)?.tries).toBe(0)
      expect((await post({ ...answer, duration: 'PT30M' })).status).toBe(200)
    },
  )

  it('APP-08 a wrong code gives the chosen duration back', async () => {
    const { post, answer } = await anAskedHouse()

    expect((await post({ ...answer, code: '000000', duration: 'PT30M' })).text).toContain(
      '<option value="PT30M" selected>',
    )
  })

  it('APP-12 of a request the rules of today refuse is 409', async () => {
    const house = await anAskedHouse()
    const { world } = house
    const access = anAccessFile({ entitlements: [anEntitlement({ codeRequired: true, rules: [] })] })
    const { decide } = routesOf({ ...world, deps: { ...world.deps, access } })

    expect(await decide({ isUnsigned: true, path: house.path })).toMatchObject({
      status: 409,
      headers: PAGE_HEADERS,
      text: expect.stringContaining('The request has changed'),
    })
  })
})
