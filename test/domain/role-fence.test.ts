import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { documentFor } from '../../lambdas/domain/grant.ts'
import { plusSeconds, toInstant } from '../../lambdas/domain/instant.ts'
import { anApprovedRequest, grantOf, STATEMENTS } from '../support/a-request.ts'
import { aSession } from '../support/a-role.ts'
import { type Verdict, verdictOf } from '../support/simulate.ts'

const ROLE_ID = 'AROADEVELOPERDEVELOPE'
const SESSION = 'arn:aws:sts::111122223333:assumed-role/developer/alice'

/** A grant of Alice's session of the role, its document attached to the role that others share. */
function aGrant(sourceIdentity?: string) {
  const request = anApprovedRequest({ principal: aSession(ROLE_ID, 'alice', sourceIdentity) })
  return { ...grantOf(request), document: documentFor(request, STATEMENTS, grantOf(request)) }
}

/** What IAM says when a session of the role reads the logs. */
function reading(document: unknown, at: Date, caller: Record<string, string>, principal = SESSION): Promise<Verdict> {
  const context = { 'aws:CurrentTime': toInstant(at), ...caller }
  return verdictOf({ principal, action: 's3:GetObject', resource: 'arn:aws:s3:::prod-logs/a.txt', document, context })
}

describe('a grant on a role that people share', () => {
  it('GRA-03 names the role by its unique id together with the session', () => {
    const { document } = aGrant()

    expect(document.Statement.map(({ Condition }) => Condition.StringEquals)).toEqual([
      { 'aws:userid': `${ROLE_ID}:alice` },
    ])
  })

  it('GRA-02 GRA-03 lets the one session in from its first second to its last', async () => {
    const { document, notBefore, notAfter } = aGrant()
    const alice = { 'aws:userid': `${ROLE_ID}:alice` }

    expect(await reading(document, plusSeconds(notBefore, -1), alice)).toBe('ImplicitlyDenied')
    expect(await reading(document, notBefore, alice)).toBe('Allowed')
    expect(await reading(document, plusSeconds(notAfter, -1), alice)).toBe('Allowed')
    expect(await reading(document, notAfter, alice)).toBe('ImplicitlyDenied')
  })

  it.each([
    ['another session', `${ROLE_ID}:bob`],
    ['the session in another case', `${ROLE_ID}:Alice`],
    ['a session that begins alike', `${ROLE_ID}:alice2`],
    ['a session that ends alike', `${ROLE_ID}:malice`],
    ['a session with a wildcard', `${ROLE_ID}:*`],
    ['the session of another role', 'AROAOTHEROTHEROTHEROT:alice'],
    ['the role without a session', ROLE_ID],
    ['a user of the session’s name', 'alice'],
    ['a user', 'AIDAALICEALICEALICEAL'],
  ])('GRA-03 keeps out %s', async (_, userId) => {
    const { document, notBefore } = aGrant()

    expect(await reading(document, notBefore, { 'aws:userid': userId })).toBe('ImplicitlyDenied')
  })

  it('GRA-03 with a source identity lets in the session that has it, and no other of the same name', async () => {
    const { document, notBefore } = aGrant('alice.aoki')
    const alice = { 'aws:userid': `${ROLE_ID}:alice` }
    const as = (identity: string) => reading(document, notBefore, { ...alice, 'aws:SourceIdentity': identity })

    expect(await as('alice.aoki')).toBe('Allowed')
    expect(await as('bob.brandt')).toBe('ImplicitlyDenied')
    expect(await as('Alice.Aoki')).toBe('ImplicitlyDenied')
    expect(await reading(document, notBefore, alice)).toBe('ImplicitlyDenied')
  })

  it('GRA-03 of 500 random sessions and roles lets in exactly its own', async () => {
    const { document, notBefore } = aGrant()
    const seen = { Allowed: 0, ImplicitlyDenied: 0, ExplicitlyDenied: 0 }
    const $name = fc.oneof(fc.constant('alice'), fc.stringMatching(/^[\w+=,.@-]{2,12}$/))
    const $role = fc.oneof(fc.constant(ROLE_ID), fc.stringMatching(/^AROA[A-Z2-7]{17}$/))
    await fc.assert(
      fc.asyncProperty($role, $name, async (role, name) => {
        const principal = `arn:aws:sts::111122223333:assumed-role/developer/${name}`
        const verdict = await reading(document, notBefore, { 'aws:userid': `${role}:${name}` }, principal)

        seen[verdict] += 1
        expect(verdict).toBe(role === ROLE_ID && name === 'alice' ? 'Allowed' : 'ImplicitlyDenied')
      }),
      { numRuns: 500 },
    )
    expect(Math.min(seen.Allowed, seen.ImplicitlyDenied)).toBeGreaterThan(50)
  })
})
