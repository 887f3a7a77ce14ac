import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import { loadAccessFile, type ParseResult, parseAccessFile } from '../../../lib/access-file/load.ts'
import { risksOf } from '../../../lib/entitlement-lint/risks.ts'
import { edited, SMALL, validAccess } from './small-file.ts'

const ARN = 'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess'
const OWN = /^ {4}parameters:\n(?:.*\n)*(?= {4}duration:)/m
const MANAGED = SMALL.replace(OWN, `    managedPolicy: ${ARN}\n`)
const ALL = { Effect: 'Allow', Action: 's3:Get*', Resource: '*' }

interface Version {
  readonly VersionId?: unknown
  readonly Version?: unknown
  readonly Statement: unknown
}

/** The access file with this as the text, or the document, of its policy's file. */
function parsed(policy: Version | string, text = MANAGED): ParseResult {
  return parseAccessFile(text, 'access.yaml', () => (typeof policy === 'string' ? policy : answerOf(policy)))
}

function answerOf({ VersionId = 'v3', Version = '2012-10-17', Statement }: Version): string {
  return JSON.stringify({ PolicyVersion: { VersionId, Document: { Version, Statement } } })
}

function problemsOf(result: ParseResult): readonly string[] {
  return result.outcome === 'valid' ? [] : result.problems.map(({ message, fix }) => `${message}. Fix: ${fix}.`)
}

function entitlementOf(result: ParseResult) {
  if (result.outcome === 'invalid') throw new Error(problemsOf(result).join())
  return result.access.entitlements['orders-read']
}

const CASES = new URL('./managed-policy-cases.json', import.meta.url)
/** Statements of a policy and what is said against them; `fences` are those of the entitlement, in YAML. */
const $cases = z.array(
  z.strictObject({
    fact: z.string(),
    fences: z.string().optional(),
    version: z.string().optional(),
    versionId: z.string().optional(),
    statement: z.unknown(),
    problem: z.string(),
  }),
)
const cases = $cases.parse(JSON.parse(readFileSync(CASES, 'utf8')))

describe('an AWS-managed policy', () => {
  it('GRA-07 gives its statements to the entitlement, with its ARN and version', () => {
    const { access } = validAccess(MANAGED)

    expect(access.entitlements['orders-read']).toMatchObject({
      managedPolicy: { arn: ARN, versionId: 'v3' },
      statements: [
        {
          actions: ['s3:Get*', 's3:List*', 's3:Describe*', 's3-object-lambda:Get*', 's3-object-lambda:List*'],
          resources: ['*'],
        },
      ],
    })
  })

  it('GRA-07 is read from beside the access file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'lapse-'))
    mkdirSync(join(folder, 'managed-policies'))
    writeFileSync(join(folder, 'access.yaml'), MANAGED)
    const load = () => loadAccessFile(join(folder, 'access.yaml'))

    expect(load).toThrow('managed-policies/AmazonS3ReadOnlyAccess.json is not beside the access file')

    writeFileSync(join(folder, 'managed-policies', 'AmazonS3ReadOnlyAccess.json'), answerOf({ Statement: ALL }))
    expect(load().access.entitlements['orders-read']?.statements).toEqual([{ actions: ['s3:Get*'], resources: ['*'] }])
  })

  it('GRA-07 is pinned by the hash of the access file: another version or another document is another hash', () => {
    const hashOf = (policy: Version): string => {
      const result = parsed(policy)
      return result.outcome === 'valid' ? result.hash : ''
    }

    const hashes = [
      hashOf({ Statement: ALL }),
      hashOf({ Statement: ALL, VersionId: 'v4' }),
      hashOf({ Statement: { ...ALL, Action: 's3:List*' } }),
      hashOf({ Statement: { ...ALL, Resource: undefined, NotResource: '*' } }),
    ]

    expect(hashes).not.toContain('')
    expect(new Set(hashes).size).toBe(hashes.length)
    expect(hashOf({ Statement: [ALL] })).toBe(hashes[0])
  })

  it('GRA-07 keeps what it leaves out, its conditions and the variables of IAM', () => {
    const Condition = { Bool: { 'aws:ViaAWSService': true }, StringLike: { 'iam:PassedToService': ['a.*', 'b.*'] } }
    const Statement = [
      { Sid: 'Power', Effect: 'Allow', NotAction: ['iam:*', 'organizations:*'], NotResource: 'arn:aws:s3:::x' },
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of IAM.
      { Effect: 'Allow', Action: ['s3:Get?bject'], Resource: ['arn:aws:s3:::${aws:username}/${*}'], Condition },
    ]

    // What `NotAction` opens is judged elsewhere; here it is accepted whole.
    const risks = risksOf([{ actions: ['*'], exceptActions: ['iam:*', 'organizations:*'] }])
    const because = 'Only for the sandbox, which is thrown away each night.'
    const accepted = `    acknowledged: ${JSON.stringify(risks.map(({ id }) => ({ risk: id, because })))}\n`
    const text = edited('    duration: {', `${accepted}    duration: {`, MANAGED)

    expect(entitlementOf(parsed({ Statement }, text))?.statements).toEqual([
      {
        actions: ['*'],
        exceptActions: ['iam:*', 'organizations:*'],
        resources: ['*'],
        exceptResources: ['arn:aws:s3:::x'],
      },
      {
        actions: ['s3:Get?bject'],
        // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of IAM.
        resources: ['arn:aws:s3:::${aws:username}/${*}'],
        conditions: {
          Bool: { 'aws:ViaAWSService': 'true' },
          StringLike: { 'iam:PassedToService': ['a.*', 'b.*'] },
        },
      },
    ])
  })

  it.each(cases)('GRA-07 is refused $fact', ({ fences, version, versionId, statement, problem }) => {
    const text =
      fences === undefined ? MANAGED : edited('    duration: {', `    fences: ${fences}\n    duration: {`, MANAGED)

    expect(problemsOf(parsed({ Version: version, VersionId: versionId, Statement: statement }, text))).toEqual([
      problem,
    ])
  })

  it('GRA-07 is refused as a text that is not JSON, and as JSON of another form', () => {
    expect(problemsOf(parsed('{'))).toEqual([
      expect.stringMatching(
        /^managed-policies\/AmazonS3ReadOnlyAccess\.json is not JSON\. Fix: run aws iam get-policy /,
      ),
    ])
    expect(problemsOf(parsed('{}'))).toEqual([
      expect.stringMatching(/is no policy that can be copied: PolicyVersion .*Fix: run aws iam get-policy /),
    ])
  })

  it('GRA-07 is refused when its fenced copy is larger than IAM takes, and not one character earlier', () => {
    const sized = (letters: number) => ({ Statement: { ...ALL, Action: [`s3:${'G'.repeat(letters)}`] } })
    const { size } = /has (?<size>\d+) characters/.exec(problemsOf(parsed(sized(6100))).join())?.groups ?? {}
    const fitting = 6100 - (Number(size) - 6144)

    expect(problemsOf(parsed(sized(fitting)))).toEqual([])
    expect(problemsOf(parsed(sized(fitting + 1)))).toEqual([
      'the fenced copy of the policy has 6145 characters, and IAM takes 6144. Fix: write what is needed of it under statements; or, without a fence, attach: as-is.',
    ])
  })

  it('GRA-09 is refused while a risk of it is not acknowledged in the access file', () => {
    const Statement = [ALL, { Effect: 'Allow', Action: 'lambda:*FunctionCode', Resource: '*' }]
    const because = 'Only the functions of the sandbox, and their roles may nothing.'
    const accepted = `    acknowledged: [{ risk: lambda-003, because: "${because}" }]\n    duration: {`

    expect(problemsOf(parsed({ Statement }))).toEqual([
      expect.stringMatching(
        /^lambda:\*FunctionCode in its statement 2 opens the risk lambda-003: it .*Fix: name another policy, or say why/,
      ),
    ])
    expect(problemsOf(parsed({ Statement }, edited('    duration: {', accepted, MANAGED)))).toEqual([])
  })
})

describe('the risks of everything but', () => {
  const idsOf = (...exceptActions: readonly string[]) =>
    risksOf([{ actions: ['*'], exceptActions }]).map(({ id }) => id)

  it('GRA-09 are all but those of the actions left out', () => {
    const left = idsOf('iam:*', 's3:Put?ucket*', 'STS:assumerole')

    expect(left).toContain('lambda-003')
    expect(left).not.toContain('s3:PutBucketPolicy')
    expect(left).not.toContain('sts-001')
    expect(left.filter(id => id.startsWith('iam:'))).toEqual([])
    expect(idsOf()).toEqual(expect.arrayContaining(['lambda-003', 's3:PutBucketPolicy', 'sts-001', 'iam-001']))
  })

  it('GRA-09 are those of the other statements too, which may name what one leaves out', () => {
    const risks = risksOf([
      { actions: ['*'], exceptActions: ['*'] },
      { actions: ['s3:PutBucketPolicy'], exceptActions: undefined },
    ])

    expect(risks).toMatchObject([{ id: 's3:PutBucketPolicy', at: { statement: 1 } }])
  })
})
