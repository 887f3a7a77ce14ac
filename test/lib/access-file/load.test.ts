import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import type { AccessFile } from '../../../lambdas/domain/access-file.ts'
import { digest } from '../../../lambdas/domain/digest.ts'
import { loadAccessFile } from '../../../lib/access-file/load.ts'
import { AccessFileError } from '../../../lib/access-file/problem.ts'
import { $edit, complaintsOf, edited, SMALL, smallAccess, validAccess } from './small-file.ts'

// biome-ignore lint/suspicious/noTemplateCurlyInString: a place of the access file.
const PLACED = '"arn:aws:s3:::${bucket}/*"'
const SOUND = new URL('./sound-files.json', import.meta.url)
const soundFiles = z.array($edit).parse(JSON.parse(readFileSync(SOUND, 'utf8')))

/** What is worked out from the statements is no part of the hash. */
function withoutDerived(access: AccessFile): AccessFile {
  const entitlements = Object.entries(access.entitlements).map(([id, { allows: _, ...entitlement }]) => [
    id,
    entitlement,
  ])
  return { ...access, entitlements: Object.fromEntries(entitlements) }
}

describe('a sound access file', () => {
  it.each(soundFiles)('$fact', ({ replace, by }) => {
    expect(complaintsOf(edited(replace, by))).toEqual([])
  })

  it('POL-01 is read with ids, seconds and defaults filled in', () => {
    expect(smallAccess()).toMatchObject({
      limits: { shortestGrantSeconds: 300 },
      people: {
        alice: { id: 'alice', principals: ['user/people/alice'], timezone: 'Asia/Tokyo' },
        carol: { id: 'carol', principals: [] },
      },
      groups: { engineers: ['alice', 'bob'], everyone: ['group:engineers', 'carol'] },
      entitlements: {
        'orders-read': {
          id: 'orders-read',
          duration: { defaultSeconds: 1800, maximumSeconds: 14400 },
          rules: [
            { name: 'engineers', effect: 'allow', members: ['group:engineers'], maximumSeconds: 7200 },
            { name: 'no alice', effect: 'deny', members: ['alice'] },
          ],
          stages: [{ name: 'owners', approvers: ['carol'], quorum: 1 }],
          ladder: { remindAfterSeconds: 900, unansweredAfterSeconds: 14400 },
        },
      },
    })
  })

  it('POL-01 may leave out groups, parameters and limits', () => {
    const withoutGroups = edited('groups:\n  engineers: [alice, bob]\n  everyone: [group:engineers, carol]\n', '')
    const withoutNames = edited('allow: [group:engineers]', 'allow: [bob]', withoutGroups)
    const text = withoutNames.replace(/ {4}parameters:\n.*\n/, '').replace(PLACED, '"*"')

    const { access } = validAccess(text)

    expect(access.groups).toEqual({})
    expect(access.entitlements['orders-read']?.parameters).toEqual({})
  })

  it('POL-01 sets the shortest grant by limits', () => {
    const { access } = validAccess(edited('groups:\n', 'limits: { shortestGrant: 1m }\ngroups:\n'))

    expect(access.limits.shortestGrantSeconds).toBe(60)
  })

  it.each([
    { risk: 'low', code: '', codeRequired: false },
    { risk: 'medium', code: '', codeRequired: true },
    { risk: 'high', code: '', codeRequired: true },
    { risk: 'low', code: '\n      code: true', codeRequired: true },
    { risk: 'high', code: '\n      code: false', codeRequired: false },
  ])('POL-01 requires a code: $codeRequired at risk $risk with "$code"', ({ risk, code, codeRequired }) => {
    const text = edited('unansweredAfter: 4h', `unansweredAfter: 4h${code}`, edited('risk: medium', `risk: ${risk}`))

    expect(validAccess(text).access.entitlements['orders-read']?.codeRequired).toBe(codeRequired)
  })

  it('POL-01 has a hash that layout and comments do not change and a value does', () => {
    const { access, hash } = validAccess(SMALL)

    expect(hash).toBe(digest(JSON.parse(JSON.stringify(withoutDerived(access)))))
    expect(validAccess(`# a comment\n${edited('[alice, bob]', '\n    - alice\n    - bob')}`).hash).toBe(hash)
    expect(validAccess(edited('maximum: 2h', 'maximum: 120m')).hash).toBe(hash)
    expect(validAccess(edited('maximum: 2h', 'maximum: 121m')).hash).not.toBe(hash)
  })
})

describe('a broken access file', () => {
  it('POL-01 is refused with all its problems at once, in the order of the text', () => {
    const typo = edited('    title:', '    titel:')
    const unknownGroup = edited('allow: [group:engineers]', 'allow: [group:enginers]', typo)
    const long = edited('maximum: 4h', 'maximum: 13h', unknownGroup)
    const badMail = edited('from: lapse@acme.example', 'from: lapse', long)

    expect(complaintsOf(badMail).map(line => line.split(': ')[0])).toEqual([
      '4:15 mail.from',
      '19:3 entitlements.orders-read.title',
      '20:5 entitlements.orders-read.titel',
      '30:40 entitlements.orders-read.duration.maximum',
      '33:17 entitlements.orders-read.rules[0].allow[0]',
    ])
  })

  it('POL-01 does not take a broken person or group for a missing one', () => {
    const text = edited('engineers: [alice, bob]', 'engineers: all', edited('email: bob@acme.example', 'email: bob'))

    expect(complaintsOf(text).map(line => line.split(': ')[0])).toEqual([
      '11:35 people.bob.email',
      '14:14 groups.engineers',
    ])
  })

  it('POL-01 that is empty is refused', () => {
    const fix = 'Fix: start from the access.yaml of the project.'
    expect(complaintsOf('# nothing yet\n')).toEqual([`1:1: access.yaml is empty. ${fix}`])
  })

  it('POL-01 that is a list is refused', () => {
    expect(complaintsOf('- a\n')).toEqual([expect.stringContaining('1:1: must be a map of keys, not a list.')])
  })

  it('POL-01 points at the place an alias stands for', () => {
    const text = edited('admins: [alice]\nauditors: [alice]', 'admins: &carols [carla]\nauditors: *carols')

    expect(complaintsOf(text).map(line => line.split(':').slice(0, 2).join(':'))).toEqual([
      '16:18 admins[0]',
      '16:18 auditors[0]',
    ])
  })

  it('GRA-09 is refused when a policy can grow beyond what IAM takes, and not one character earlier', () => {
    // The longest bucket name has 128 characters; the action's name is stretched to reach the limit exactly.
    const sized = (letters: number): string => {
      const resources = Array.from({ length: 39 }, (_, index) => `'arn:aws:s3:::\${bucket}/${index + 10}'`).join(', ')
      return edited('s3:Get*', `s3:${'G'.repeat(letters)}`, edited(PLACED, resources))
    }
    const { size } = /grow to (?<size>\d+) /.exec(complaintsOf(sized(500)).join())?.groups ?? {}
    const fitting = 500 - (Number(size) - 6144)

    expect(complaintsOf(sized(fitting))).toEqual([])
    expect(complaintsOf(sized(fitting + 1))).toEqual([
      '25:5 entitlements.orders-read.statements: the policy can grow to 6145 characters, and IAM takes 6144. Fix: split the entitlement, or list less.',
    ])
  })

  it('POL-01 makes loading fail with file, line and column of every problem', () => {
    const path = join(mkdtempSync(join(tmpdir(), 'lapse-')), 'access.yaml')
    writeFileSync(path, edited('admins: [alice]\nauditors: [alice]', 'admins: [karol]\nauditors: [karol]'))

    const load = (): unknown => loadAccessFile(path)

    const line = (place: string): string => `${path}:${place}[0]: there is no person karol. Fix: did you mean carol.`
    expect(load).toThrow(AccessFileError)
    expect(load).toThrow([line('16:10 admins'), line('17:12 auditors')].join('\n'))
  })

  it('POL-01 that cannot be read makes loading fail with the path', () => {
    expect(() => loadAccessFile('/nowhere/access.yaml')).toThrow(
      /^\/nowhere\/access\.yaml:1:1: the file cannot be read: (?:Error: )?ENOENT/,
    )
  })
})
