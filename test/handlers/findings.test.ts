import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { FINDING_RULES } from '../../lambdas/domain/findings/finding.ts'
import { $Problem } from '../../lib/openapi/answers.ts'
import { $Finding, $Findings } from '../../lib/openapi/finding-answers.ts'
import { aFinding, heldBy, keptFinding } from '../support/a-finding.ts'
import { DEVELOPER, PINNED, UNPINNED } from '../support/a-role.ts'
import { anAccessFile, aPerson, CAST } from '../support/an-access-file.ts'
import { PROJECT } from '../support/source-files.ts'
import { aWorld } from '../support/world.ts'
import { type Answer, routesOf } from './routes.ts'

const COMMENT = 'She looked for the right entitlement; she has it now.'
const UNKNOWN = '01MGFND1NG0000000000000009'

function aHouse() {
  const world = aWorld()
  const routes = routesOf(world)
  return {
    world,
    lines: routes.lines,
    keep: (overrides?: Parameters<typeof keptFinding>[1]) => keptFinding(world.findings, overrides),
    list: (query = '', person = 'audrey') => routes.findings({ person, path: `/findings${query}` }),
    read: (id: string, person = 'audrey') => routes.findings({ person, path: `/findings/${id}` }),
    close: (id: string, body: unknown = { comment: COMMENT }, person = 'adam') =>
      routes.closeFinding({ person, method: 'POST', path: `/findings/${id}/close`, body }),
  }
}

/** The headings of the page as links name them. */
const ANCHORS = readFileSync(join(PROJECT, 'docs/findings.md'), 'utf8')
  .split('\n')
  .filter(line => /^#{2,4} /.test(line))
  .map(line =>
    line
      .replaceAll(/^#+ |`/g, '')
      .toLowerCase()
      .replaceAll(' ', '-'),
  )

const said = ({ status, body }: Answer) => [status, $Problem.parse(body).code]
const idsOf = ({ body }: Answer) => $Findings.parse(body).findings.map(({ findingId }) => findingId)

describe('POST /findings/{id}/close', () => {
  it('ANO-05 is refused to who the finding is about, administrator or auditor', async () => {
    const { world, keep, close, read } = aHouse()
    for (const [person, id] of [
      ['adam', '01MGFND1NG0000000000000002'],
      ['audrey', '01MGFND1NG0000000000000003'],
    ] as const) {
      await keep({ id, subject: person })

      expect(said(await close(id, { comment: COMMENT }, person))).toEqual([403, 'own-finding'])

      expect((await read(id)).body).toMatchObject({ state: 'open' })
      expect(heldBy(await world.findings.record(person))).toEqual([id])
    }
  })

  it('ANO-05 by an administrator or an auditor closes it, and answers with it', async () => {
    const { world, keep, close, lines } = aHouse()
    for (const [person, id] of [
      ['adam', '01MGFND1NG0000000000000002'],
      ['audrey', '01MGFND1NG0000000000000003'],
    ] as const) {
      await keep({ id })

      const { status, body } = await close(id, { comment: ` ${COMMENT}\r\n` }, person)

      expect(status).toBe(200)
      expect($Finding.parse(body)).toMatchObject({
        findingId: id,
        state: 'closed',
        closed: { by: person, at: '2027-03-01T10:00:00Z', comment: COMMENT },
      })
      expect(heldBy(await world.findings.record('alice'))).toEqual([])
      expect(lines.join()).toContain(`"findingId":"${id}"`)
    }
    expect(lines.join()).not.toContain(COMMENT)
  })

  it('ANO-05 a second time is 409 and says who closed it and when', async () => {
    const { keep, close } = aHouse()
    const { id } = await keep()
    await close(id)

    const again = await close(id, { comment: 'me too' }, 'audrey')

    expect(said(again)).toEqual([409, 'already-closed'])
    expect(again.body.detail).toBe(`adam closed it at 2027-03-01T10:00:00Z: ${COMMENT}`)
  })

  it('ANO-05 of a finding that is not there is 404', async () => {
    const { close } = aHouse()

    for (const id of [UNKNOWN, 'x', 'FINDING']) expect(said(await close(id))).toEqual([404, 'unknown-finding'])
  })

  it.each([
    ['no comment', {}],
    ['an empty one', { comment: '' }],
    ['blanks', { comment: '  \n ' }],
    ['1,001 letters', { comment: 'x'.repeat(1001) }],
    ['control characters', { comment: 'a\u0000b' }],
    ['a number', { comment: 4 }],
    ['a person to do it for', { comment: COMMENT, by: 'audrey' }],
    ['no JSON', '['],
  ])('ANO-05 with %s is 400, and it stays open', async (_, body) => {
    const { keep, close, read } = aHouse()
    const { id } = await keep()

    expect((await close(id, body)).status).toBe(400)

    expect((await read(id)).body).toMatchObject({ state: 'open' })
  })

  it('ANO-05 takes a comment of one letter, and of a thousand', async () => {
    const { keep, close } = aHouse()
    for (const [id, comment] of [
      ['01MGFND1NG0000000000000002', 'x'],
      ['01MGFND1NG0000000000000003', 'x'.repeat(1000)],
    ] as const) {
      await keep({ id })
      expect((await close(id, { comment })).status).toBe(200)
    }
  })
})

describe('findings', () => {
  it.each(['alice', 'bob', 'erin'])('ANO-05 are neither shown to nor closed by %s', async person => {
    const { keep, list, read, close } = aHouse()
    const { id } = await keep({ subject: 'carol' })

    for (const answer of [
      await list('', person),
      await list('?state=x', person),
      await read(id, person),
      await read(UNKNOWN, person),
      await close(id, {}, person),
      await close(UNKNOWN, { comment: COMMENT }, person),
    ]) {
      expect(said(answer)).toEqual([403, 'not-an-auditor'])
    }
  })

  it('ANO-05 GRA-03 are not for a session whose name anybody could choose', async () => {
    const people = CAST.map(id => aPerson({ id, sessions: [{ role: 'role/people/developer', session: id }] }))
    const world = aWorld({ access: anAccessFile({ people }) })
    const { findings, closeFinding } = routesOf(world)
    const { id } = await keptFinding(world.findings)
    const calls = (roleId: string) => {
      const as = { userArn: 'arn:aws:sts::111122223333:assumed-role/developer/adam', uniqueId: `${roleId}:adam` }
      return [
        () => findings({ ...as, path: '/findings' }),
        () => findings({ ...as, path: `/findings/${id}` }),
        () => closeFinding({ ...as, method: 'POST', path: `/findings/${id}/close`, body: { comment: COMMENT } }),
      ]
    }

    for (const call of calls(world.iam.addRole(DEVELOPER, UNPINNED))) {
      expect(said(await call())).toEqual([403, 'session-not-pinned'])
    }
    for (const call of calls(world.iam.addRole(DEVELOPER, PINNED))) expect((await call()).status).toBe(200)
  })

  it('ANO-05 are not closed by whom they point at too, and say whom that is', async () => {
    const world = aWorld()
    const { findings, closeFinding } = routesOf(world)
    const { id } = await keptFinding(world.findings, { subject: 'bob', rule: 'one-place', alsoAbout: ['adam'] })
    const close = (person: string) =>
      closeFinding({ method: 'POST', path: `/findings/${id}/close`, person, body: { comment: COMMENT } })

    expect($Finding.parse((await findings({ path: `/findings/${id}`, person: 'adam' })).body).alsoAbout).toEqual([
      'adam',
    ])
    expect(said(await close('adam'))).toEqual([403, 'own-finding'])
    expect((await close('audrey')).status).toBe(200)
  })

  it('ANO-05 are shown with what was seen last first, in words, with the name of the person', async () => {
    const { world, keep, read } = aHouse()
    const { id, openedAt } = await keep({
      count: 2,
      latest: [
        ...aFinding().latest,
        { at: new Date('2027-03-01T09:30:00Z'), detail: '6 entitlements within an hour that she may not have' },
      ],
    })

    const { status, body } = await read(id)

    expect([status, openedAt.toISOString()]).toEqual([200, '2027-03-01T09:00:00.000Z'])
    expect($Finding.parse(body)).toEqual({
      findingId: id,
      state: 'open',
      rule: 'ineligible-probing',
      title: 'Tries what they may not have',
      whatToDo: expect.stringMatching(/\.$/),
      learnMore: 'docs/findings.md#ineligible-probing',
      subject: 'alice',
      name: world.access.people.alice?.name,
      openedAt: '2027-03-01T09:00:00Z',
      count: 2,
      latest: [
        { at: '2027-03-01T09:30:00Z', detail: '6 entitlements within an hour that she may not have' },
        {
          at: '2027-03-01T09:00:00Z',
          detail: '5 entitlements within an hour that she may not have',
          requestId: '01MG08GPFT0000000000000001',
          sequence: 1,
        },
      ],
      holds: true,
    })
  })

  it.each(FINDING_RULES)('ANO-03 ANO-04 of the rule %s have a title, a first thing to do and a section', async rule => {
    const { keep, read } = aHouse()
    const { id } = await keep({ rule, subject: 'arn:aws:iam::111122223333:policy/lapse/grant/x' })

    const { title, whatToDo, learnMore, name } = $Finding.parse((await read(id)).body)

    expect([title, whatToDo]).toEqual([expect.stringMatching(/^[A-Z].*[^.]$/), expect.stringMatching(/^[A-Z].*\.$/)])
    expect([learnMore, name]).toEqual([`docs/findings.md#${rule}`, undefined])
    expect(ANCHORS).toContain(rule)
  })

  it('ANO-05 are listed newest first, page by page, the open ones unless the closed are asked for', async () => {
    const { keep, list, close } = aHouse()
    const ids = Array.from({ length: 5 }, (_, index) => `01MGFND1NG000000000000000${index}`)
    for (const id of ids) await keep({ id, rule: FINDING_RULES[ids.indexOf(id)] ?? 'drift' })
    await close(ids[1] ?? '')
    await close(ids[3] ?? '')

    const first = await list('?limit=2')
    expect(idsOf(first)).toEqual([ids[4], ids[2]])
    const { next } = $Findings.parse(first.body)
    const second = await list(`?limit=2&after=${next}`)

    expect([idsOf(second), $Findings.parse(second.body).next]).toEqual([[ids[0]], undefined])
    expect(idsOf(await list())).toEqual([ids[4], ids[2], ids[0]])
    expect(idsOf(await list('?state=closed', 'adam'))).toEqual([ids[3], ids[1]])
  })

  it.each([
    ['?state=all', 400, 'invalid-query'],
    ['?limit=0', 400, 'invalid-query'],
    ['?limit=101', 400, 'invalid-query'],
    ['?after=x', 400, 'invalid-query'],
    ['?subject=alice', 400, 'invalid-query'],
    [`?after=${UNKNOWN}`, 400, 'invalid-cursor'],
    [`/${UNKNOWN}`, 404, 'unknown-finding'],
    ['/x', 404, 'unknown-finding'],
  ])('ANO-05 GET /findings%s is answered %i %s, with what would pass', async (query, status, code) => {
    const { keep, list } = aHouse()
    await keep()

    const answer = await list(query)

    expect(said(answer)).toEqual([status, code])
    expect(answer.body.wouldPass).toEqual(expect.any(String))
  })
})
