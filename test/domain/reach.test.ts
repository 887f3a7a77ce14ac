import { describe, expect, it } from '@jest/globals'
import { documentHash, fenced } from '../../lambdas/domain/fence.ts'
import type { Statement } from '../../lambdas/domain/parameters.ts'
import { type Reach, reachJson } from '../../lambdas/domain/reach.ts'
import { shownHash } from '../../lambdas/domain/shown.ts'
import { aRequest } from '../support/a-request.ts'
import { type Verdict, verdictOf } from '../support/simulate.ts'

const ALICE = 'arn:aws:iam::111122223333:user/people/alice'
const ALICE_ID = 'AIDAALICEALICEALICEAL'
const WINDOW = {
  notBefore: new Date('2027-03-01T10:00:00Z'),
  notAfter: new Date('2027-03-01T11:00:00Z'),
  userId: ALICE_ID,
}
const POWER: Statement = { actions: ['*'], exceptActions: ['iam:*', 'organizations:*'], resources: ['*'] }
const NOT_PAYROLL: Statement = {
  actions: ['s3:Get*'],
  resources: ['*'],
  exceptResources: ['arn:aws:s3:::payroll/*'],
}

describe('a reach in the language of IAM', () => {
  it('GRA-07 has Action or NotAction, Resource or NotResource, never both', () => {
    expect(reachJson({ actions: ['s3:Get*'], resources: ['*'] })).toStrictEqual({
      Action: ['s3:Get*'],
      Resource: ['*'],
    })
    expect(reachJson(POWER)).toStrictEqual({ NotAction: ['iam:*', 'organizations:*'], Resource: ['*'] })
    expect(reachJson(NOT_PAYROLL)).toStrictEqual({ Action: ['s3:Get*'], NotResource: ['arn:aws:s3:::payroll/*'] })
  })

  it.each<[string, Reach]>([
    ['actions', { actions: ['s3:*'], exceptActions: ['s3:Put*'], resources: ['*'] }],
    ['several actions', { actions: ['*', 's3:*'], exceptActions: ['s3:Put*'], resources: ['*'] }],
    ['no actions', { actions: [], exceptActions: ['s3:Put*'], resources: ['*'] }],
    ['resources', { actions: ['*'], resources: ['arn:aws:s3:::a'], exceptResources: ['arn:aws:s3:::a/b'] }],
  ])('GRA-07 does not exist for an exception of some %s: it would be wider than was said', (_, reach) => {
    expect(() => reachJson(reach)).toThrow(RangeError)
  })
})

describe('a fenced copy with exceptions', () => {
  const asked = (statement: Statement, action: string, resource: string, context = {}): Promise<Verdict> =>
    verdictOf({
      principal: ALICE,
      action,
      resource,
      document: fenced([statement], WINDOW),
      context: { 'aws:userid': ALICE_ID, 'aws:CurrentTime': '2027-03-01T10:30:00Z', ...context },
    })
  const FUNCTION = 'arn:aws:lambda:eu-central-1:111122223333:function:a'

  it('GRA-07 allows what the policy allows and nothing it leaves out', async () => {
    expect(await asked(POWER, 'lambda:InvokeFunction', FUNCTION)).toBe('Allowed')
    expect(await asked(POWER, 'iam:DeleteUser', ALICE)).toBe('ImplicitlyDenied')
    expect(await asked(NOT_PAYROLL, 's3:GetObject', 'arn:aws:s3:::orders/a')).toBe('Allowed')
    expect(await asked(NOT_PAYROLL, 's3:GetObject', 'arn:aws:s3:::payroll/a')).toBe('ImplicitlyDenied')
  })

  it('GRA-02 allows nothing before its start, from its end on, and to anybody else', async () => {
    for (const context of [
      { 'aws:CurrentTime': '2027-03-01T09:59:59Z' },
      { 'aws:CurrentTime': '2027-03-01T11:00:00Z' },
      { 'aws:userid': 'AIDABOBBOBBOBBOBBOBBO' },
    ]) {
      expect(await asked(POWER, 'lambda:InvokeFunction', FUNCTION, context)).toBe('ImplicitlyDenied')
      expect(await asked(NOT_PAYROLL, 's3:GetObject', 'arn:aws:s3:::orders/a', context)).toBe('ImplicitlyDenied')
    }
  })
})

describe('what is left out', () => {
  const request = aRequest()

  it('APP-04 is part of what an approver is shown and of the document that is approved', () => {
    const wider: Statement = { ...POWER, exceptActions: ['iam:*'] }
    const everywhere: Statement = { ...NOT_PAYROLL, exceptResources: ['arn:aws:s3:::other/*'] }

    expect(shownHash(request, [wider])).not.toBe(shownHash(request, [POWER]))
    expect(shownHash(request, [everywhere])).not.toBe(shownHash(request, [NOT_PAYROLL]))
    expect(documentHash(fenced([wider], WINDOW))).not.toBe(documentHash(fenced([POWER], WINDOW)))
  })
})
