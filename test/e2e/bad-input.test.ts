import { createHash } from 'node:crypto'
import { beforeAll, describe, expect, it } from '@jest/globals'
import { makeUser } from '../../local/people.ts'
import { $Problem, $RequestView } from '../support/api-answers.ts'
import { approve, linkOf, openPage, postForm, seenOf } from '../support/approval-link.ts'
import {
  type Answer,
  admin,
  allRows,
  answerOf,
  as,
  ask,
  house,
  jsonOf,
  mailsNow,
  mailsTo,
  personOf,
  requestOf,
  untilStatus,
  withKeys,
} from '../support/the-house.ts'

const GOOD = {
  entitlement: 'orders-read',
  duration: 'PT10M',
  reason: 'a customer misses an order',
  parameters: { bucket: 'acme-orders-2026' },
} as const
const LONGEST_BODY = 16_384

/** Everything the one table holds about what Nora asked: rows whole, so that a changed one shows as well as a new one. */
async function rowsOf(person: string): Promise<readonly string[]> {
  const rows = await allRows()
  const ids = rows.flatMap(({ kind, requester, id }) => (kind === 'request' && requester === person ? [`${id}`] : []))
  const isAbout = (text: string) => text.includes(`PERSON#${person}`) || ids.some(id => text.includes(id))
  return rows
    .map(row => JSON.stringify(row))
    .filter(isAbout)
    .sort()
}

/** The rows an ask begins with, anybody's. The events of requests that are under way go on being written beside. */
async function asksWritten(): Promise<number> {
  return (await allRows()).filter(({ kind }) => kind === 'request' || kind === 'idempotency').length
}

/** The answer as a problem, its form checked: the type of the content, the status in the body, and its title. */
function problemOf(answer: Answer) {
  expect(answer.headers.get('content-type')).toBe('application/problem+json')
  const problem = $Problem.parse(jsonOf(answer))
  expect([problem.type, problem.status ?? answer.status]).toEqual([`urn:lapse:problem:${problem.code}`, answer.status])
  expect([problem.title.length > 0, problem.detail.length > 0]).toEqual([true, true])
  expect(problem.wouldPass).toMatch(/\S/)
  return problem
}

const requests = `${house.apiUrl}/requests`
const json = { 'content-type': 'application/json' }

describe('a call that nobody signed, or that somebody else signed', () => {
  const body = JSON.stringify(GOOD)
  const calls: readonly (readonly [string, string, () => Promise<Answer>])[] = [
    ['unsigned', 'unsigned', async () => answerOf(await fetch(requests, { method: 'POST', headers: json, body }))],
    [
      'signed with a wrong secret',
      'wrong-signature',
      () => withKeys({ ...personOf('nora'), secretAccessKey: 'guessed' }).call('POST', '/requests', body),
    ],
    [
      'whose body was changed after it was signed',
      'wrong-signature',
      () => as('nora').call('POST', '/requests', body, { 'x-amz-content-sha256': sha256(`${body} `) }),
    ],
  ]

  it.each(calls)('REQ-01 %s is refused 403 as %s and leaves nothing behind', async (_, code, call) => {
    const before = await rowsOf('nora')

    const answer = await call()

    expect([answer.status, problemOf(answer).code]).toEqual([403, code])
    expect(await rowsOf('nora')).toEqual(before)
  })

  it('REQ-01 signed with a key that does not exist is refused 403, as a problem too', async () => {
    const nobody = withKeys({ accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'guessed' })

    const answer = await nobody.call('POST', '/requests', GOOD)

    expect([answer.status, problemOf(answer).code]).toEqual([403, 'refused-by-gateway'])
  })

  it('REQ-01 of an IAM user the access file does not know is refused 403, and nothing is written', async () => {
    const stranger = withKeys(await makeUser(admin.iam, `user/people/stranger-${Date.now()}`))
    const before = await asksWritten()

    const answer = await stranger.call('POST', '/requests', GOOD)

    expect([answer.status, problemOf(answer).code]).toEqual([403, 'unknown-person'])
    expect(await asksWritten()).toBe(before)
  })

  it('REQ-01 that names another requester in its body is refused 400, and nothing is written', async () => {
    const before = await rowsOf('alice')

    const answer = await as('nora').call('POST', '/requests', { ...GOOD, requester: 'alice' })

    expect([answer.status, problemOf(answer).code]).toEqual([400, 'invalid-body'])
    expect(await rowsOf('alice')).toEqual(before)
  })
})

describe('a body that is not what is asked for', () => {
  const bodies: readonly (readonly [string, number, string, unknown])[] = [
    ['no JSON', 400, 'invalid-json', '{"entitlement":'],
    ['nothing', 400, 'invalid-json', ''],
    ['a list', 400, 'invalid-body', []],
    ['an unknown member', 400, 'invalid-body', { ...GOOD, force: true }],
    ['a body of more than 16 KiB', 413, 'body-too-large', { ...GOOD, ticket: 'x'.repeat(LONGEST_BODY) }],
    ['a duration of zero', 400, 'invalid-body', { ...GOOD, duration: 'PT0S' }],
    ['a negative duration', 400, 'invalid-body', { ...GOOD, duration: '-PT10M' }],
    ['a duration that is not ISO 8601', 400, 'invalid-body', { ...GOOD, duration: '10 minutes' }],
    ['a duration that is a number', 400, 'invalid-body', { ...GOOD, duration: 600 }],
    ['an empty reason', 400, 'invalid-body', { ...GOOD, reason: '' }],
    ['a reason of blanks', 400, 'invalid-body', { ...GOOD, reason: ' \n\t '.repeat(5) }],
    ['no reason', 400, 'invalid-body', { ...GOOD, reason: undefined }],
    ['a reason of 10,000 characters', 400, 'invalid-body', { ...GOOD, reason: 'x'.repeat(10_000) }],
    ['an entitlement nobody has heard of', 404, 'unknown-entitlement', { ...GOOD, entitlement: 'root' }],
    ['an entitlement every object inherits', 404, 'unknown-entitlement', { ...GOOD, entitlement: 'constructor' }],
  ]

  it.each(bodies)('REQ-01 %s is refused %i as %s and nothing is written', async (_, status, code, body) => {
    const before = await rowsOf('nora')

    const answer = await as('nora').call('POST', '/requests', body)

    expect([answer.status, problemOf(answer).code]).toEqual([status, code])
    expect(await rowsOf('nora')).toEqual(before)
  })

  it('REQ-06 an Idempotency-Key with blanks is refused 400 and nothing is written', async () => {
    const before = await rowsOf('nora')

    const answer = await as('nora').call('POST', '/requests', GOOD, { 'idempotency-key': 'one two' })

    expect([answer.status, problemOf(answer).code]).toEqual([400, 'invalid-idempotency-key'])
    expect(await rowsOf('nora')).toEqual(before)
  })
})

describe('what the access file refuses', () => {
  const refusals: readonly (readonly [string, string, string, object])[] = [
    ['REQ-02 an ineligible caller', 'victor', 'not-eligible', GOOD],
    ['REQ-02 somebody no rule names', 'frank', 'not-eligible', GOOD],
    ['REQ-04 a duration over the limit of the rule', 'nora', 'duration-too-long', { ...GOOD, duration: 'PT4H1S' }],
    ['REQ-04 a duration under the shortest', 'nora', 'duration-too-short', { ...GOOD, duration: 'PT4S' }],
    ['REQ-03 a parameter that does not match', 'nora', 'parameter-refused', given({ bucket: 'acme-payroll' })],
    ['REQ-03 a parameter that matches only in part', 'nora', 'parameter-refused', given({ bucket: 'xacme-orders-1' })],
    ['REQ-03 a wildcard', 'nora', 'parameter-refused', given({ bucket: 'acme-orders-*' })],
    ['REQ-03 a single-letter wildcard', 'nora', 'parameter-refused', given({ bucket: 'acme-orders-202?' })],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: this is IAM's variable, sent as it is
    ['REQ-03 a policy variable', 'nora', 'parameter-refused', given({ bucket: 'acme-orders-${aws:username}' })],
    ['REQ-03 an ARN inside a name', 'nora', 'parameter-refused', given({ bucket: 'acme-orders-1/*","arn:aws:s3:::*' })],
    ['REQ-03 a line break after a good name', 'nora', 'parameter-refused', given({ bucket: 'acme-orders-1\n' })],
    ['REQ-03 a missing parameter', 'nora', 'parameter-refused', given({})],
    ['REQ-03 a parameter nobody knows', 'nora', 'parameter-refused', given({ bucket: 'acme-orders-1', key: 'x' })],
    ['REQ-04 a start too far ahead', 'nora', 'start-too-far', { ...GOOD, notBefore: '2099-01-01T00:00:00Z' }],
  ]

  it.each(refusals)(
    '%s (%s) is refused 403 as %s, recorded with the rule, and the auditor sees it',
    async (...given) => {
      const [, person, code, body] = given

      const answer = await as(person).call('POST', '/requests', body)

      const problem = problemOf(answer)
      expect([answer.status, problem.code]).toEqual([403, code])
      const recorded = await requestOf(problem.requestId ?? '')
      expect(recorded).toMatchObject({ status: 'REFUSED', requester: person, stages: [] })
      expect(recorded.grant).toBeUndefined()
      expect(recorded.events).toEqual([expect.objectContaining({ type: 'refused', actor: { person } })])
      expect(recorded.events[0]?.details).toMatchObject({ code, rule: problem.rule, wouldPass: problem.wouldPass })
    },
  )

  it('REQ-05 a refusal asks no approver, mails nobody and is in the list of the auditor and of nobody else', async () => {
    const { requestId = '' } = problemOf(await as('victor').call('POST', '/requests', GOOD))
    const inListOf = async (person: string) =>
      (await as(person).call('GET', '/requests?requester=victor&status=REFUSED&limit=100')).text.includes(requestId)

    expect(await inListOf('erin')).toBe(true)
    expect((await as('nora').call('GET', '/requests?requester=victor')).status).toBe(403)
    expect((await as('nora').call('GET', `/requests/${requestId}`)).status).toBe(404)
    expect((await as('nora').call('GET', '/requests')).text).not.toContain(requestId)
    for (const address of ['carol@acme.example', 'victor@contractors.example']) {
      expect(await mailsNow(address, { requestId })).toEqual([])
    }
  })
})

describe('an Idempotency-Key', () => {
  it('REQ-06 sent again with the same body gives the same request, with another body 409, and neither writes', async () => {
    const key = { 'idempotency-key': `key-${Date.now()}` }
    const requestId = await ask('nora', GOOD, key)
    await linkOf('carol', requestId)
    await mailsTo('nora', { subject: 'Asked: ', requestId })
    const before = await rowsOf('nora')

    const same = await as('nora').call('POST', '/requests', GOOD, key)
    const other = await as('nora').call('POST', '/requests', { ...GOOD, duration: 'PT11M' }, key)

    expect([same.status, $RequestView.parse(jsonOf(same)).requestId]).toEqual([202, requestId])
    expect([other.status, problemOf(other).code]).toEqual([409, 'idempotency-key-reused'])
    expect(await rowsOf('nora')).toEqual(before)
    expect(await mailsNow('carol@acme.example', { requestId })).toHaveLength(1)
  })

  it('REQ-06 of another person is another key', async () => {
    const key = { 'idempotency-key': `key-${Date.now()}` }

    expect(await ask('nora', GOOD, key)).not.toBe(await ask('petra', GOOD, key))
  })

  it('REQ-06 sent twenty times at once makes one request', async () => {
    const key = { 'idempotency-key': `key-${Date.now()}` }

    const ids = await Promise.all(Array.from({ length: 20 }, () => ask('nora', GOOD, key)))

    expect(new Set(ids).size).toBe(1)
  })
})

describe('a link', () => {
  const dead: Record<string, Answer> = {}
  const posted: Record<string, Answer> = {}
  const form = { decision: 'approve', seen: '0'.repeat(64), code: '123456' } as const

  beforeAll(async () => {
    const used = await usedLink()
    const [expired, voided] = await Promise.all([expiredLink(), voidedLink()])
    const unknown = `${house.apiUrl}/decide/${'A'.repeat(43)}`
    const links = { unknown, used, expired, voided, malformed: `${house.apiUrl}/decide/short` }
    for (const [name, url] of Object.entries(links)) {
      dead[name] = await openPage(url)
      posted[name] = await postForm(url, form)
    }
  }, 90_000)

  it.each(['used', 'expired', 'voided', 'malformed'])(
    'APP-01 that is %s is answered byte for byte as one that never was, opened or posted to',
    name => {
      for (const answers of [dead, posted]) {
        expect(shape(answers[name])).toEqual(shape(answers.unknown))
        expect(answers[name]?.status).toBe(404)
      }
    },
  )

  it('APP-01 FI-14: opened 50 times, asked for its HEAD and posted to from another site changes nothing and still works', async () => {
    const requestId = await ask('nora', GOOD)
    const { url, code } = await linkOf('carol', requestId)
    await mailsTo('nora', { subject: 'Asked: ', requestId })
    const before = await rowsOf('nora')

    const opened = await Promise.all(Array.from({ length: 50 }, () => openPage(url)))
    const seen = seenOf(opened[0] ?? (await openPage(url)))
    await fetch(url, { method: 'HEAD' })
    const crossSite = await postForm(url, { decision: 'approve', seen, code }, { 'sec-fetch-site': 'cross-site' })

    expect(new Set(opened.map(({ status, text }) => `${status} ${text}`)).size).toBe(1)
    expect(shape(crossSite)).toEqual(shape(dead.unknown))
    expect(await rowsOf('nora')).toEqual(before)
    expect((await postForm(url, { decision: 'deny', seen, code })).status).toBe(200)
    expect((await untilStatus(requestId, 'DENIED')).decisions).toHaveLength(1)
  })

  it('APP-02 FI-14: junk of a form-filling scanner costs no try; five wrong codes close the link, and the right one is too late', async () => {
    const requestId = await ask('nora', GOOD)
    const { url, code } = await linkOf('carol', requestId)
    const seen = seenOf(await openPage(url))
    const junk = await Promise.all(
      Array.from({ length: 20 }, () => postForm(url, { decision: 'approve', seen, code: 'test' })),
    )

    const answers: Answer[] = []
    for (let index = 0; index < 5; index += 1) {
      answers.push(await postForm(url, { decision: 'approve', seen, code: wrongCode(code, index) }))
    }
    const tooLate = await postForm(url, { decision: 'approve', seen, code })

    expect(new Set(junk.map(({ status }) => status))).toEqual(new Set([400]))
    expect(answers.map(({ status }) => status)).toEqual([400, 400, 400, 400, 403])
    expect(answers[3]?.text).toContain('One try is left')
    expect(shape(tooLate)).toEqual(shape(dead.unknown))
    const { status, events } = await requestOf(requestId)
    expect([status, events.map(({ type }) => type)]).toEqual(['PENDING', ['asked', 'approvers-asked', 'link-voided']])
    expect(await mailsTo('nora', { subject: 'Link closed', requestId })).toHaveLength(1)
  })

  it('APP-02 wrong codes sent all at once are no more than five tries', async () => {
    const requestId = await ask('nora', GOOD)
    const { url, code } = await linkOf('carol', requestId)
    const seen = seenOf(await openPage(url))

    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, index) =>
        postForm(url, { decision: 'approve', seen, code: wrongCode(code, index) }),
      ),
    )

    const count = (status: number) => answers.filter(answer => answer.status === status).length
    expect([count(400), count(403), count(404)]).toEqual([4, 1, 25])
    expect((await requestOf(requestId)).events.filter(({ type }) => type === 'link-voided')).toHaveLength(1)
  })

  it('APP-04 a decision on something else than what is shown is refused 409 and nothing is decided', async () => {
    const requestId = await ask('nora', GOOD)
    const { url, code } = await linkOf('carol', requestId)

    const answer = await postForm(url, { decision: 'approve', seen: 'f'.repeat(64), code })

    expect([answer.status, answer.text.includes('The request has changed')]).toEqual([409, true])
    expect((await requestOf(requestId)).decisions).toEqual([])
  })
})

function given(parameters: Record<string, string>) {
  return { ...GOOD, parameters }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** A code of six digits that is not the right one. */
function wrongCode(code: string, index: number): string {
  return String((Number(code) + 1 + index) % 1_000_000).padStart(6, '0')
}

/** What a caller can tell apart: status, body and every header but those that name the call itself. */
function shape(answer: Answer | undefined) {
  const headers = [...(answer?.headers ?? [])].filter(([name]) => !/^(date|x-amzn?-.*id|x-amzn-trace-id)$/i.test(name))
  return { status: answer?.status, text: answer?.text, headers }
}

async function usedLink(): Promise<string> {
  const requestId = await ask('nora', { ...GOOD, entitlement: 'table-repair', parameters: {} })
  const { url } = await linkOf('carol', requestId)
  await approve(requestId, 'carol')
  return url
}

async function expiredLink(): Promise<string> {
  const parameters = { queue: 'acme-orders' }
  const requestId = await ask('nora', { ...GOOD, entitlement: 'status-read', duration: 'PT10S', parameters })
  const { url } = await linkOf('carol', requestId)
  await untilStatus(requestId, 'UNANSWERED', 40)
  return url
}

async function voidedLink(): Promise<string> {
  const requestId = await ask('nora', GOOD)
  const { url, code } = await linkOf('carol', requestId)
  const seen = seenOf(await openPage(url))
  for (let index = 0; index < 5; index += 1) {
    await postForm(url, { decision: 'approve', seen, code: wrongCode(code, index) })
  }
  return url
}
