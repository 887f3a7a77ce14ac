import { describe, expect, it } from '@jest/globals'
import { approvalHash, documentFor } from '../../lambdas/domain/grant.ts'
import {
  type FoundPrincipal,
  principalFlaw,
  principalJson,
  principalWords,
  sessionFlaw,
  userIdOf,
} from '../../lambdas/domain/principal.ts'
import { shownHash } from '../../lambdas/domain/shown.ts'
import { aBeginning, anApprovedRequest, grantOf, STATEMENTS } from '../support/a-request.ts'
import { aSession, DEVELOPER, PINNED, UNPINNED } from '../support/a-role.ts'

const ALICE = { arn: 'arn:aws:iam::111122223333:user/people/alice', uniqueId: 'AIDAALICE' }
const SESSION = aSession('AROADEVELOPER')
const CEILING = 'arn:aws:iam::111122223333:policy/ceiling'
const OTHER = 'arn:aws:iam::111122223333:policy/other'
const found = (more: Partial<FoundPrincipal> = {}): FoundPrincipal => ({
  uniqueId: 'AROADEVELOPER',
  trust: PINNED,
  ...more,
})

describe('a principal', () => {
  it('GRA-03 calls with its unique id, and a session with the role’s and its name', () => {
    expect(userIdOf(ALICE)).toBe('AIDAALICE')
    expect(userIdOf(SESSION)).toBe('AROADEVELOPER:alice')
  })

  it('GRA-03 is shown with its session in plain words', () => {
    expect(principalWords(ALICE)).toBe(ALICE.arn)
    expect(principalWords(SESSION)).toBe(`${DEVELOPER}, session alice`)
    expect(principalWords(aSession('AROA', 'alice', 'alice.aoki'))).toBe(
      `${DEVELOPER}, session alice, source identity alice.aoki`,
    )
  })

  it('GRA-03 that is a user stands in hashes as it did before roles could be principals', () => {
    expect(JSON.parse(JSON.stringify(principalJson(ALICE)))).toStrictEqual(ALICE)
  })

  it.each([
    ['another session', aSession('AROADEVELOPER', 'bob')],
    ['the session in another case', aSession('AROADEVELOPER', 'Alice')],
    ['another role', aSession('AROAOTHER')],
    ['a source identity', aSession('AROADEVELOPER', 'alice', 'alice')],
    ['no session', { arn: DEVELOPER, uniqueId: 'AROADEVELOPER' }],
  ])('GRA-03 with %s is not what was shown, nor what was approved', (_, principal) => {
    const request = anApprovedRequest({ principal: SESSION })
    const other = { ...request, principal }

    expect(shownHash(other, STATEMENTS)).not.toBe(shownHash(request, STATEMENTS))
    expect(approvalHash(other, grantOf(request))).not.toBe(approvalHash(request, grantOf(request)))
    expect(documentFor(other, STATEMENTS, grantOf(request))).not.toEqual(
      documentFor(request, STATEMENTS, grantOf(request)),
    )
  })

  it('GRA-03 stands in the first event with its session, and that of a user as before', () => {
    expect(aBeginning({ principal: SESSION }).event.details).toMatchObject({
      principal: DEVELOPER,
      session: { name: 'alice' },
    })
    expect(aBeginning({ principal: ALICE }).event.details).not.toMatchObject({ session: expect.anything() })
  })
})

describe('what stands between a principal and a grant', () => {
  it.each([
    ['a user that is there', ALICE, { uniqueId: 'AIDAALICE' }, []],
    ['a session that its role pins', SESSION, found(), []],
    ['a user with the boundary that is required', ALICE, { uniqueId: 'AIDAALICE', boundary: CEILING }, [CEILING]],
    ['a role with one of the boundaries', SESSION, found({ boundary: OTHER }), [CEILING, OTHER]],
    ['a role with a boundary though none is required', SESSION, found({ boundary: OTHER }), []],
  ])('GRA-03 is nothing for %s', (_, principal, now, boundaries) => {
    expect(principalFlaw(principal, now, boundaries)).toBeUndefined()
  })

  it.each([
    ['it is gone', ALICE, undefined, [], 'principal-changed', 'does not exist any more'],
    ['it was made again', ALICE, { uniqueId: 'AIDANEW' }, [], 'principal-changed', 'it is AIDANEW and was AIDAALICE'],
    ['its role is gone', SESSION, undefined, [], 'principal-changed', `${DEVELOPER} does not exist any more`],
    ['its role was made again', SESSION, found({ uniqueId: 'AROANEW' }), [], 'principal-changed', 'AROANEW'],
    [
      'its role is open',
      SESSION,
      found({ trust: UNPINNED }),
      [],
      'session-not-pinned',
      'others could take the session alice',
    ],
    [
      'its role says nothing of who may assume it',
      SESSION,
      found({ trust: undefined }),
      [],
      'session-not-pinned',
      'cannot read',
    ],
    ['its role cannot be read', SESSION, found({ trust: 'unreadable' }), [], 'session-not-pinned', 'cannot read'],
    [
      'it carries no boundary',
      ALICE,
      { uniqueId: 'AIDAALICE' },
      [CEILING],
      'boundary-missing',
      'no permissions boundary',
    ],
    ['its role carries another', SESSION, found({ boundary: OTHER }), [CEILING], 'boundary-missing', OTHER],
  ])('GRA-03 GRA-08 is said, with what would pass: %s', (_, principal, now, boundaries, code, detail) => {
    const flaw = principalFlaw(principal, now, boundaries)

    expect(flaw).toMatchObject({ code, detail: expect.stringContaining(detail) })
    expect(flaw?.wouldPass.length).toBeGreaterThan(20)
  })

  it('GRA-03 for an open role, what would pass is the condition to add', () => {
    expect(principalFlaw(SESSION, found({ trust: UNPINNED }))?.wouldPass).toContain(
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a policy variable of IAM
      '"Condition": {"StringEquals":{"sts:RoleSessionName":"${aws:username}"}}',
    )
  })

  it('GRA-03 a pinned source identity is enough for a grant, and no proof of who calls', () => {
    const bySource = {
      statements: PINNED.statements.map(one => ({
        ...one,
        // biome-ignore lint/suspicious/noTemplateCurlyInString: a policy variable of IAM
        conditions: { StringEquals: { 'sts:SourceIdentity': ['${aws:username}'] } },
      })),
    }
    const alice = aSession('AROADEVELOPER', 'alice', 'alice')

    expect(sessionFlaw(alice, { trust: bySource })).toBeUndefined()
    expect(sessionFlaw(alice, { trust: bySource }, 'RoleSessionName')).toMatchObject({ code: 'session-not-pinned' })
    expect(sessionFlaw(alice, { trust: PINNED }, 'RoleSessionName')).toBeUndefined()
    expect(sessionFlaw(SESSION, { trust: bySource })).toMatchObject({ code: 'session-not-pinned' })
    expect(sessionFlaw(ALICE, {}, 'RoleSessionName')).toBeUndefined()
  })
})
