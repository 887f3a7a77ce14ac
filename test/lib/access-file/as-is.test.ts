import { describe, expect, it } from '@jest/globals'
import { documentHash } from '../../../lambdas/domain/fence.ts'
import { type ParseResult, parseAccessFile } from '../../../lib/access-file/load.ts'
import { SMALL } from './small-file.ts'

const ARN = 'arn:aws:iam::aws:policy/ReadOnlyAccess'
const OWN = /^ {4}parameters:\n(?:.*\n)*(?= {4}duration:)/m
const BECAUSE = 'because: The policy is far too large for a fenced copy.'
const ALLOWING = { Effect: 'Allow', Action: 's3:Get*', Resource: '*' }
const DENYING = { Effect: 'Deny', NotAction: 's3:*', Resource: '*' }

/** The small file with these lines in the place of its statements, beside a policy of these statements. */
function parsed(lines: readonly string[], Statement: unknown = ALLOWING): ParseResult {
  const text = SMALL.replace(OWN, lines.map(line => `    ${line}\n`).join(''))
  const answer = { PolicyVersion: { VersionId: 'v9', Document: { Version: '2012-10-17', Statement } } }
  return parseAccessFile(text, 'access.yaml', () => JSON.stringify(answer))
}

const asIs = (...more: readonly string[]) => [`managedPolicy: ${ARN}`, 'attach: as-is', BECAUSE, ...more]

function problemsOf(result: ParseResult): readonly string[] {
  return result.outcome === 'valid' ? [] : result.problems.map(({ message, fix }) => `${message}. Fix: ${fix}.`)
}

function entitlementOf(result: ParseResult) {
  if (result.outcome === 'invalid') throw new Error(problemsOf(result).join())
  return result.access.entitlements['orders-read']
}

describe('an AWS-managed policy that is attached as it is', () => {
  it('GRA-07 is pinned by the hash of its whole document, with the reason', () => {
    const Statement = [ALLOWING, DENYING]

    expect(entitlementOf(parsed(asIs(), Statement))?.managedPolicy).toEqual({
      arn: ARN,
      versionId: 'v9',
      asIs: {
        because: 'The policy is far too large for a fenced copy.',
        documentHash: documentHash({ Version: '2012-10-17', Statement }),
      },
    })
  })

  it('GRA-07 is shown with what it allows: a Deny only makes that less', () => {
    expect(entitlementOf(parsed(asIs(), [DENYING, ALLOWING]))?.statements).toEqual([
      { actions: ['s3:Get*'], resources: ['*'] },
    ])
  })

  it('GRA-07 may have conditions of its own on time and person, and any size', () => {
    const Condition = { DateLessThan: { 'aws:CurrentTime': '2030-01-01T00:00:00Z' } }
    const Action = Array.from({ length: 500 }, (_, index) => `s3:GetSomethingLong${index}`)

    expect(problemsOf(parsed(asIs(), { ...ALLOWING, Action, Condition }))).toEqual([])
  })

  it('GRA-07 has another hash of the access file than its fenced copy', () => {
    const hashOf = (result: ParseResult) => (result.outcome === 'valid' ? result.hash : problemsOf(result).join())

    expect(hashOf(parsed(asIs()))).not.toBe(hashOf(parsed([`managedPolicy: ${ARN}`])))
  })

  it.each([
    {
      fact: 'without a reason',
      lines: [`managedPolicy: ${ARN}`, 'attach: as-is'],
      problem: 'the policy is attached without a fence, and nobody says why. Fix: add because: a sentence.',
    },
    {
      fact: 'as a reason alone',
      lines: [`managedPolicy: ${ARN}`, BECAUSE],
      problem: 'there is a because and no attach: as-is. Fix: take it out, or add attach.',
    },
    {
      fact: 'with fences, which it cannot have',
      lines: asIs('fences: { mfa: true }'),
      problem: 'a policy that is attached as it is can have no fences. Fix: take them out, or attach.',
    },
  ])('GRA-07 is refused $fact', ({ lines, problem }) => {
    expect(problemsOf(parsed(lines))).toEqual([problem])
  })

  it('GRA-07 is refused beside statements of its own, and as anything but as-is', () => {
    const own = ['statements: [{ actions: [s3:GetObject], resources: ["*"] }]', 'attach: as-is', BECAUSE]

    expect(problemsOf(parsed(own))).toEqual(['only an AWS-managed policy is attached as it is. Fix: take it out.'])
    expect(problemsOf(parsed([`managedPolicy: ${ARN}`, 'attach: copied', BECAUSE]))).toHaveLength(1)
  })

  it('GRA-07 is refused when it allows nothing, or its file is not there', () => {
    expect(problemsOf(parsed(asIs(), DENYING))).toEqual([
      'managed-policies/ReadOnlyAccess.json allows nothing. Fix: name a policy that allows something.',
    ])
    const text = SMALL.replace(
      OWN,
      `${asIs()
        .map(line => `    ${line}\n`)
        .join('')}`,
    )
    expect(problemsOf(parseAccessFile(text, 'access.yaml', () => undefined))).toEqual([
      expect.stringMatching(/^managed-policies\/ReadOnlyAccess\.json is not beside the access file\. Fix: run aws iam/),
    ])
  })

  it('GRA-09 is refused while a risk of it is not acknowledged', () => {
    expect(problemsOf(parsed(asIs(), { ...ALLOWING, Action: 'lambda:*FunctionCode' }))).toEqual([
      expect.stringMatching(/opens the risk lambda-003: .*Fix: name another policy, or say why it is acceptable/),
    ])
  })
})
