import { describe, expect, it } from '@jest/globals'
import type { Told } from '../support/loopback-api.ts'
import { house } from '../support/typed-in-house.ts'

const ID = '01MG08GPFT0000000000000001'
const REQUEST = {
  requestId: ID,
  status: 'PENDING',
  requester: 'alice',
  principal: 'arn:aws:iam::111122223333:user/people/alice',
  entitlement: 'orders-read',
  parameters: { bucket: 'acme-orders-2026' },
  duration: 'PT30M',
  reason: 'Customer 4711 misses an order',
  rule: 'engineers may read orders',
  accessHash: '0'.repeat(64),
  askedAt: '2027-03-01T10:00:00Z',
  answerBy: '2027-03-01T14:00:00Z',
  stages: [{ name: 'data owners', approvers: ['carol'], quorum: 1 }],
  decisions: [],
}
const GRANT = {
  notBefore: '2027-03-01T10:02:00Z',
  notAfter: '2027-03-01T10:32:00Z',
  policyArn: 'arn:aws:iam::1:policy/p',
}
const ASKED = { sequence: 1, type: 'asked', at: REQUEST.askedAt, actor: { person: 'alice' }, details: {} }
const ACTIVATED = { sequence: 2, type: 'activated', at: GRANT.notBefore, actor: { service: 'applier' }, details: {} }
const SEEN = 'a'.repeat(64)

const refusal: Told = {
  status: 403,
  body: {
    type: 'urn:lapse:problem:duration-too-long',
    title: 'Refused',
    status: 403,
    code: 'duration-too-long',
    rule: 'engineers may read orders',
    detail: 'PT9H is longer than PT4H',
    wouldPass: 'a duration from PT1M to PT4H',
    requestId: ID,
  },
}

describe('lapse request', () => {
  it('CLI-01 sends what was typed, signed, with a key of its own, and shows the request', async () => {
    const { type, heard } = await house({ 'POST /requests': [{ status: 202, body: REQUEST }] })

    const line = ['request', 'orders-read', '--reason', 'Customer 4711 misses an order', '--duration', '30m']
    const { exit, out } = await type([...line, '--param', 'bucket=acme-orders-2026', '--ticket', 'OPS-42'])

    expect(exit).toBe(0)
    expect(out).toMatch(new RegExp(`^${ID} {2}PENDING\\n`))
    expect(out).toMatch(/approval +data owners: 1 of carol\n/)
    expect(heard).toHaveLength(1)
    expect(heard[0]?.headers).toMatchObject({
      'idempotency-key': 'a-new-key',
      authorization: expect.stringMatching(/^AWS4-HMAC-SHA256 Credential=AKIADANA\/\d{8}\/us-east-1\/execute-api\//),
    })
    expect(JSON.parse(heard[0]?.body ?? '')).toEqual({
      entitlement: 'orders-read',
      duration: 'PT30M',
      parameters: { bucket: 'acme-orders-2026' },
      reason: 'Customer 4711 misses an order',
      ticket: 'OPS-42',
    })
  })

  it('REQ-05 CLI-01 a refusal is told with its rule and what would pass, exit 1; with --json as it came', async () => {
    const { type } = await house({ 'POST /requests': [refusal] })
    const line = ['request', 'orders-read', '--reason', 'to look', '--duration', '9h']

    const told = await type(line)
    const asJson = await type([...line, '--json'])

    expect([told.exit, told.out]).toEqual([1, ''])
    expect(told.err).toMatch(/^Refused \(duration-too-long\): PT9H is longer than PT4H\n/)
    expect(told.err).toMatch(/rule +engineers may read orders\n +would pass +a duration from PT1M to PT4H\n/)
    expect([asJson.exit, JSON.parse(asJson.out)]).toEqual([1, refusal.body])
  })

  it('CLI-01 a call over the rate of the API is made again, signed anew, until it is taken', async () => {
    const tooMany = { status: 429, body: { code: 'refused-by-gateway', title: 'Too Many Requests', status: 429 } }
    const { type, heard } = await house({
      'POST /requests': [...Array.from({ length: 5 }, () => tooMany), { status: 202, body: REQUEST }],
    })

    const { exit, err } = await type(['request', 'orders-read', '--reason', 'to look'])

    expect([exit, err]).toEqual([0, ''])
    expect(new Set(heard.map(({ headers }) => headers['idempotency-key']))).toEqual(new Set(['a-new-key']))
    expect(heard).toHaveLength(6)
  })

  it('CLI-01 --wait tells each step until the grant is in force', async () => {
    const { type } = await house({
      'POST /requests': [{ status: 202, body: REQUEST }],
      [`GET /requests/${ID}`]: [
        { body: { ...REQUEST, events: [ASKED] } },
        { status: 503, body: 'a broken moment' },
        { body: { ...REQUEST, status: 'APPROVED', grant: GRANT, events: [ASKED] } },
        { body: { ...REQUEST, status: 'ACTIVE', grant: GRANT, events: [ASKED, ACTIVATED] } },
      ],
    })

    const { exit, out, err } = await type(['request', 'orders-read', '--reason', 'to look', '--wait'])

    expect(exit).toBe(0)
    expect(err.match(/PENDING|APPROVED|ACTIVE|asked|activated/g)).toEqual([
      'asked',
      'PENDING',
      'APPROVED',
      'activated',
      'ACTIVE',
    ])
    expect(out).toMatch(/in force +2027-03-01T10:02:00Z to 2027-03-01T10:32:00Z\n/)
  })

  it('CLI-01 --wait ends with 1 when the request is denied', async () => {
    const { type } = await house({
      'POST /requests': [{ status: 202, body: REQUEST }],
      [`GET /requests/${ID}`]: [{ body: { ...REQUEST, status: 'DENIED', events: [ASKED] } }],
    })

    expect((await type(['request', 'orders-read', '--reason', 'to look', '--wait'])).exit).toBe(1)
  })
})

describe('lapse approve and deny', () => {
  const decidable = {
    stage: 'data owners',
    number: 1,
    statements: [{ actions: ['s3:GetObject'], resources: ['*'] }],
    shortestDuration: 'PT5M',
    longestDuration: 'PT30M',
  }
  const shown = { ...REQUEST, events: [ASKED], seen: SEEN, decidable }
  const routes = {
    [`GET /requests/${ID}`]: [{ body: shown }],
    [`POST /requests/${ID}/decision`]: [{ body: { ...REQUEST, status: 'APPROVED' } }],
  }

  it('APP-04 APP-09 shows what is asked before the decision, which carries the hash of just that', async () => {
    const { type, heard } = await house(routes)

    const { exit, err } = await type(['approve', ID, '--duration', '15m', '--comment', 'enough', '--yes'])

    expect(exit).toBe(0)
    expect(err).toMatch(/reason +Customer 4711 misses an order\n/)
    expect(err).toMatch(/may be allowed +5m to 30m\n\n +allow +s3:GetObject\n +on +\*\n/)
    expect(JSON.parse(heard[1]?.body ?? '')).toEqual({
      decision: 'approve',
      duration: 'PT15M',
      comment: 'enough',
      seen: SEEN,
    })
  })

  it.each([
    ['y', 0, 2],
    ['n', 1, 1],
    ['', 1, 1],
  ])('APP-04 who is asked and answers “%s” ends with %i after %i calls', async (answers, exit, calls) => {
    const { type, heard } = await house(routes)

    const done = await type(['deny', ID], { terminal: { answers } })

    expect([done.exit, heard.length]).toEqual([exit, calls])
    expect(done.err).toContain('Deny this? [y/N]')
  })

  it('APP-04 decides nothing without a terminal and without --yes', async () => {
    const { type, heard } = await house(routes)

    const { exit, err } = await type(['approve', ID])

    expect([exit, heard.map(({ call }) => call)]).toEqual([2, [`GET /requests/${ID}`]])
    expect(err).toMatch(/say --yes/)
  })

  it('APP-04 decides nothing when the API gives no hash of what is asked', async () => {
    const { type, heard } = await house({
      ...routes,
      [`GET /requests/${ID}`]: [{ body: { ...shown, seen: undefined } }],
    })

    expect((await type(['approve', ID, '--yes'])).exit).toBe(2)
    expect(heard).toHaveLength(1)
  })

  it('ANO-05 an approval that a finding holds is shown as held, refused with the finding, and ends with 1', async () => {
    const findingId = '01MGFND1NG0000000000000001'
    const heldBy = { findingId, rule: 'ineligible-probing', title: 'Tries what they may not have' }
    const problem = {
      type: 'urn:lapse:problem:held',
      title: 'Conflict',
      status: 409,
      code: 'held',
      rule: 'ineligible-probing',
      detail: `finding ${findingId} holds back what alice asks for: Tries what they may not have`,
      wouldPass: `the same approval once an administrator or an auditor has closed finding ${findingId}`,
      requestId: ID,
    }
    const { type } = await house({
      [`GET /requests/${ID}`]: [{ body: { ...shown, heldBy } }],
      [`POST /requests/${ID}/decision`]: [{ status: 409, body: problem }],
    })
    const held =
      /held +by finding 01MGFND1NG0000000000000001 \(Tries what they may not have\): no approval counts until /

    const { exit, out, err } = await type(['approve', ID, '--yes'])
    const status = await type(['status', ID])

    expect([exit, out]).toEqual([1, ''])
    expect(err).toMatch(held)
    expect(err).toContain(`Conflict (held): ${problem.detail}\n`)
    expect(err).toMatch(/rule +ineligible-probing\n +would pass +the same approval once /)
    expect([status.exit, status.out]).toEqual([0, expect.stringMatching(held)])
  })

  it('APP-03 text of others cannot pose as a line of ours, move the cursor or hide', async () => {
    const reason = 'ok\nentitlement  logs-read\u001b[2A\u202Egnp'
    const { type } = await house({ ...routes, [`GET /requests/${ID}`]: [{ body: { ...shown, reason } }] })

    const { err } = await type(['approve', ID, '--yes'])

    expect(err).toMatch(/reason +ok ⏎ entitlement {2}logs-read\[U\+001B\]\[2A\[U\+202E\]gnp\n/)
  })
})

describe('lapse list, status and the changes of a request', () => {
  it('CLI-01 list sends its filters and shows a table; --all reads every page', async () => {
    const { type, heard } = await house({
      'GET /requests?status=ACTIVE&limit=20': [{ body: { requests: [REQUEST], cursor: 'next' } }],
      'GET /requests?limit=100': [{ body: { requests: [REQUEST], cursor: 'next' } }],
      'GET /requests?limit=100&cursor=next': [{ body: { requests: [{ ...REQUEST, status: 'ENDED', grant: GRANT }] } }],
    })

    const one = await type(['list', '--status', 'active'])
    const all = await type(['list', '--all', '--json'])

    expect(one.out).toMatch(/^REQUEST +STATUS +WHO +ENTITLEMENT /)
    expect(one.out.split('\n')).toHaveLength(3)
    expect(one.err).toMatch(/more; see them with --all/)
    expect(JSON.parse(all.out).map(({ status }: { status: string }) => status)).toEqual(['PENDING', 'ENDED'])
    expect(heard).toHaveLength(3)
  })

  it('CLI-01 status shows the request and its events', async () => {
    const { type } = await house({ [`GET /requests/${ID}`]: [{ body: { ...REQUEST, events: [ASKED, ACTIVATED] } }] })

    const { exit, out } = await type(['status', ID.toLowerCase()])

    expect(exit).toBe(0)
    expect(out).toMatch(/2027-03-01T10:00:00Z {2}asked +alice\n +2027-03-01T10:02:00Z {2}activated +applier\n/)
  })

  it('AUD-06 CLI-01 status shows what was done with a grant, and in red what was done outside its window', async () => {
    const use = { calls: 3, isReadOnly: false, isGranted: true, first: GRANT.notBefore, last: GRANT.notBefore }
    const activity = {
      state: 'provisional',
      readAt: '2027-03-01T10:52:00Z',
      coverage: { events: 'management', regions: ['us-east-1'], from: 'F', until: 'U', isCut: true },
      grantUse: 'not-seen',
      granted: [
        { pattern: 's3:Get*', isSeen: false },
        { pattern: 'ec2:*', isSeen: true },
      ],
      actions: [{ ...use, action: 'ec2:StopInstances', errors: { UnauthorizedOperation: 2 } }],
      resources: ['i-1', 'i-2\u001b[31m'],
      violations: [{ eventId: 'e-1', action: 'ec2:StopInstances', at: '2027-03-01T10:33:00Z', when: 'after-end' }],
      leftOut: { actions: 4, resources: 0, violations: 0 },
    }
    const body = { ...REQUEST, status: 'ENDED', grant: GRANT, events: [ASKED, ACTIVATED], activity }
    const { type } = await house({ [`GET /requests/${ID}`]: [{ body }] })

    const { exit, out } = await type(['status', ID])

    expect(exit).toBe(0)
    expect(out).toContain('What was done (read at 2027-03-01T10:52:00Z, provisional)\n')
    expect(out).toMatch(/looked at +management events, F to U, in us-east-1\n +missing +the oldest calls/)
    expect(out).toMatch(
      /used +not seen; data events, such as reading an object, are not looked at\n +not seen +s3:Get\*\n/,
    )
    expect(out).toMatch(/ec2:StopInstances +3 +write +yes +UnauthorizedOperation 2 .*\n +and 4 more actions\n/)
    expect(out).toMatch(/outside the window +ec2:StopInstances at 2027-03-01T10:33:00Z, after the end \(event e-1\)\n$/)
    expect(out).not.toContain('\u001b')
    expect(JSON.parse((await type(['status', ID, '--json'])).out)).toMatchObject({ activity })
  })

  it.each([
    ['cancel', [], ''],
    ['end', [], ''],
    ['revoke', ['--reason', 'the keys leaked'], '{"reason":"the keys leaked"}'],
    ['extend', ['--duration', '1h30m', '--reason', 'not done yet'], '{"duration":"PT1H30M","reason":"not done yet"}'],
    ['settle', ['--verdict', 'justified', '--comment', 'it was'], '{"verdict":"justified","comment":"it was"}'],
  ])('CLI-01 %s posts to its route and shows what the request has become', async (verb, options, body) => {
    const { type, heard } = await house({
      [`POST /requests/${ID}/${verb === 'settle' ? 'review' : verb}`]: [{ body: { ...REQUEST, status: 'ENDED' } }],
    })

    const { exit, out } = await type([verb, ID, ...options])

    expect([exit, heard[0]?.body]).toEqual([0, body])
    expect(out).toMatch(new RegExp(`^${ID} {2}ENDED\n`))
  })

  it.each([
    [404, 'unknown-request', 1],
    [409, 'no-grant', 1],
    [403, 'unknown-person', 1],
    [403, 'unsigned', 2],
    [403, 'wrong-signature', 2],
    [403, 'expired-credentials', 2],
    [403, 'not-allowed-to-call', 2],
    [403, 'stopped-by-firewall', 2],
    [403, 'refused-by-gateway', 2],
    [400, 'invalid-body', 2],
    [429, 'refused-by-gateway', 2],
    [500, 'internal', 2],
  ])('CLI-01 a problem of status %i (%s) ends with %i', async (status, code, exit) => {
    const body = { type: `urn:lapse:problem:${code}`, title: 'No', status, code, detail: 'it is not so' }
    const { type } = await house({ [`POST /requests/${ID}/end`]: [{ status, body }] })

    expect((await type(['end', ID])).exit).toBe(exit)
  })

  it.each([
    ['something that is not of Lapse', { status: 502, body: '<html>' }, /answered 502 and nothing of Lapse/],
    ['an answer that is no JSON', { body: 'hello' }, /and no JSON/],
    ['an answer of another form', { body: { id: 1 } }, /in a form this command line does not know \(requestId/],
  ])('CLI-01 %s is a broken world, exit 2', async (_, told, words) => {
    const { type } = await house({ [`POST /requests/${ID}/end`]: [told] })

    const { exit, err } = await type(['end', ID])

    expect(exit).toBe(2)
    expect(err).toMatch(words)
  })
})

describe('lapse entitlements, preview, freeze and unfreeze', () => {
  it('CLI-01 entitlements are a table; nobody’s are said in words', async () => {
    const open = {
      entitlement: 'orders-read',
      title: 'Read orders',
      risk: 'medium',
      parameters: { bucket: { description: 'the bucket', example: 'acme-orders-2026' } },
      defaultDuration: 'PT30M',
      maximumDuration: 'PT4H',
      stages: REQUEST.stages,
    }
    const { type } = await house({
      'GET /entitlements': [
        { body: { person: 'dana', entitlements: [open] } },
        { body: { person: 'dana', entitlements: [] } },
      ],
    })

    expect((await type(['entitlements'])).out).toMatch(
      /orders-read +Read orders +medium +30m +4h +bucket=acme-orders-2026 +data owners: 1 of carol\n/,
    )
    expect((await type(['entitlements'])).out).toBe('No entitlement is open to dana.\n')
  })

  it('REQ-09 CLI-01 preview shows statements, and ends with 1 when it would be refused', async () => {
    const passes = {
      decision: 'needs-approval',
      rule: 'staff',
      duration: 'PT30M',
      maximumDuration: 'PT4H',
      stages: REQUEST.stages,
      statements: [{ actions: ['s3:GetObject'], resources: ['arn:aws:s3:::b/*'] }],
    }
    const fails = { decision: 'refused', code: 'not-eligible', rule: 'default-deny', detail: 'no rule', wouldPass: 'x' }
    const { type } = await house({ 'POST /requests/preview': [{ body: passes }, { body: fails }] })

    const first = await type(['preview', 'orders-read'])
    const second = await type(['preview', 'orders-read'])

    expect([first.exit, second.exit]).toEqual([0, 1])
    expect(first.out).toMatch(/allow +s3:GetObject\n +on +arn:aws:s3:::b\/\*\n/)
    expect(second.out).toMatch(/would be refused \(not-eligible\)\n +rule +default-deny\n +because +no rule\n/)
  })

  it('END-05 CLI-01 freeze ends with 1 while something could not be ended', async () => {
    const frozen = { frozen: true, by: 'dana', at: REQUEST.askedAt, reason: 'keys stolen', ended: [{ requestId: ID }] }
    const { type } = await house({
      'POST /freeze': [
        { body: { ...frozen, failed: [] } },
        { body: { ...frozen, failed: [{ requestId: ID, why: 'IAM did not answer' }] } },
      ],
      'DELETE /freeze': [{ body: { frozen: false, by: 'dana', at: REQUEST.askedAt } }],
    })

    expect((await type(['freeze', '--reason', 'keys stolen'])).exit).toBe(0)
    const second = await type(['freeze', '--reason', 'keys stolen'])
    expect([second.exit, second.out]).toEqual([1, expect.stringContaining('not ended: IAM did not answer')])
    expect((await type(['unfreeze'])).out).toBe('The freeze is lifted, by dana at 2027-03-01T10:00:00Z.\n')
  })
})
