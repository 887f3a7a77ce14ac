import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CloudTrailClient } from '@aws-sdk/client-cloudtrail'
import { IAMClient } from '@aws-sdk/client-iam'
import { LambdaClient } from '@aws-sdk/client-lambda'
import { SESv2Client } from '@aws-sdk/client-sesv2'
import { afterEach, describe, expect, it } from '@jest/globals'
import { accountFindings } from '../../cli/doctor/account.ts'
import { fileFindings } from '../../cli/doctor/files.ts'
import { mailFindings } from '../../cli/doctor/mail.ts'
import { trailFinding } from '../../cli/doctor/trail.ts'
import { loadAccessFile } from '../../lib/access-file/load.ts'
import { LoopbackApi, type Told } from '../support/loopback-api.ts'
import { FILES, typed } from '../support/typed.ts'
import { writeLocalHouse } from '../support/write-local-house.ts'

const { access } = loadAccessFile(`${FILES}/access.yaml`)
const stops: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
})

/** SDK clients that speak to an AWS on this machine which answers what it is told. */
async function aws(routes: Readonly<Record<string, readonly Told[]>>) {
  const api = await LoopbackApi.start(routes)
  stops.push(() => api.stop())
  const credentials = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'secret' }
  const settings = { endpoint: api.url, region: 'us-east-1', credentials, maxAttempts: 1 }
  return {
    ses: new SESv2Client(settings),
    lambda: new LambdaClient(settings),
    iam: new IAMClient(settings),
    cloudTrail: new CloudTrailClient(settings),
  }
}

const IDENTITIES = '/v2/email/identities'
const verified: Told = { body: { VerifiedForSendingStatus: true } }
const unknown: Told = {
  status: 404,
  headers: { 'x-amzn-errortype': 'NotFoundException' },
  body: { message: 'no such identity' },
}
const account = (ProductionAccessEnabled: boolean): Told => ({
  body: { ProductionAccessEnabled, SendingEnabled: true },
})

const ROLE = 'role/people/on-call'
const alice = () => {
  const { alice: person } = access.people
  if (!person) throw new Error('the access file has no alice')
  return person
}

const TRAIL = {
  trailList: [{ TrailARN: 'arn:aws:cloudtrail:us-east-1:111122223333:trail/all', IncludeGlobalServiceEvents: true }],
}
const WRITES = { ReadWriteType: 'WriteOnly', IncludeManagementEvents: true }
const READS = { ReadWriteType: 'ReadOnly', IncludeManagementEvents: true }
const DATA = { ReadWriteType: 'All', IncludeManagementEvents: false }
const advanced = (...more: readonly object[]) => ({
  FieldSelectors: [{ Field: 'eventCategory', Equals: ['Management'] }, ...more],
})

/** `'mail sender: fine'` … */
const verdicts = (findings: readonly { check: string; verdict: string }[]) =>
  findings.map(({ check, verdict }) => `${check}: ${verdict}`)

describe('lapse doctor', () => {
  it('OPS-01 finds the sender verified by its domain, and the account out of the sandbox', async () => {
    const { ses } = await aws({
      [`GET ${IDENTITIES}/lapse%40acme.example`]: [unknown],
      [`GET ${IDENTITIES}/acme.example`]: [verified],
      'GET /v2/email/account': [account(true)],
    })

    expect(verdicts(await mailFindings(ses, access))).toEqual(['mail sender: fine', 'SES sandbox: fine'])
  })

  it('OPS-01 finds an unverified sender, and whom no mail reaches in the sandbox', async () => {
    const { ses } = await aws({
      [`GET ${IDENTITIES}/lapse%40acme.example`]: [unknown],
      [`GET ${IDENTITIES}/acme.example`]: [{ body: { VerifiedForSendingStatus: false } }],
      ...Object.fromEntries(
        ['alice', 'bob', 'carol', 'dana'].map(id => [`GET ${IDENTITIES}/${id}%40acme.example`, [verified]]),
      ),
      [`GET ${IDENTITIES}/victor%40contractors.example`]: [unknown],
      [`GET ${IDENTITIES}/contractors.example`]: [unknown],
      'GET /v2/email/account': [account(false)],
    })

    const findings = await mailFindings(ses, access)

    expect(verdicts(findings)).toEqual(['mail sender: missing', 'SES sandbox: missing'])
    expect(findings[1]?.detail).toMatch(/reaches victor@contractors\.example$/)
  })

  it('OPS-01 what it is not allowed to see is never called fine', async () => {
    const denied = {
      status: 403,
      headers: { 'x-amzn-errortype': 'AccessDeniedException' },
      body: { message: 'not you' },
    }
    const { ses, iam, lambda, cloudTrail } = await aws({
      [`GET ${IDENTITIES}/lapse%40acme.example`]: [denied],
      'GET /v2/email/account': [denied],
      'GET /2016-08-19/account-settings': [denied],
    })

    const findings = [
      ...(await mailFindings(ses, access)),
      ...(await accountFindings({ iam, lambda }, access)),
      await trailFinding(cloudTrail),
    ]

    expect(findings.map(({ verdict }) => verdict)).toEqual(Array(6).fill('could not check'))
  })

  it('OPS-01 finds missing users, users without a boundary, and an account of ten functions at once', async () => {
    const { iam, lambda } = await aws({
      'GET /2016-08-19/account-settings': [{ body: { AccountLimit: { ConcurrentExecutions: 10 } } }],
      'POST /': [
        user('user/people/alice'),
        user('user/people/bob', true),
        user('user/people/bob-admin', true),
        user('user/people/dana', true),
        noSuchUser,
      ],
    })

    const findings = await accountFindings({ iam, lambda }, access)

    expect(verdicts(findings)).toEqual([
      'IAM users and roles: missing',
      'permissions boundary: missing',
      'Lambda concurrency: missing',
    ])
    expect(findings.map(({ detail }) => detail).slice(0, 2)).toEqual([
      'there is no user/contractors/victor',
      'none on user/people/alice',
    ])
  })

  it('OPS-01 takes a sender, and an address, as verified by the domain above its own', async () => {
    const { ses } = await aws({
      ...Object.fromEntries(
        ['lapse%40mail.acme.example', 'mail.acme.example', 'alice%40acme.example'].map(name => [
          `GET ${IDENTITIES}/${name}`,
          [unknown],
        ]),
      ),
      [`GET ${IDENTITIES}/acme.example`]: [verified],
      'GET /v2/email/account': [account(false)],
    })
    const alice = Object.fromEntries(Object.entries(access.people).slice(0, 1))

    const findings = await mailFindings(ses, { ...access, mail: { from: 'lapse@mail.acme.example' }, people: alice })

    expect(verdicts(findings)).toEqual(['mail sender: fine', 'SES sandbox: fine'])
    expect(findings[0]?.detail).toBe('acme.example is verified in SES')
  })

  it('OPS-01 finds roles that are not there, and roles without a boundary', async () => {
    const session = (role: string) => ({ role, session: 'alice' })
    const people = { alice: { ...alice(), principals: [], sessions: [session(ROLE), session('role/people/gone')] } }
    const { iam, lambda } = await aws({ 'POST /': [role(), noSuchUser, role(), noSuchUser] })

    const findings = await accountFindings({ iam, lambda }, { ...access, people })

    expect(findings.map(({ detail }) => detail).slice(0, 2)).toEqual([
      'there is no role/people/gone',
      'none on role/people/on-call',
    ])
  })

  it.each([
    [499, 'missing'],
    [500, 'fine'],
  ])(
    'OPS-01 calls %d concurrent executions %s: fewer cannot be reserved from',
    async (ConcurrentExecutions, verdict) => {
      const { iam, lambda } = await aws({
        'GET /2016-08-19/account-settings': [{ body: { AccountLimit: { ConcurrentExecutions } } }],
      })

      const findings = await accountFindings({ iam, lambda }, { ...access, people: {} })

      expect(findings.find(({ check }) => check === 'Lambda concurrency')).toMatchObject({ verdict })
    },
  )

  it.each<[string, string, readonly object[]]>([
    ['fine', 'a trail of writes', [TRAIL, { IsLogging: true }, { EventSelectors: [WRITES] }]],
    [
      'fine',
      'a trail of everything, by advanced selectors',
      [TRAIL, { IsLogging: true }, { AdvancedEventSelectors: [advanced()] }],
    ],
    ['missing', 'no trail', [{ trailList: [] }]],
    ['missing', 'a trail that was stopped', [TRAIL, { IsLogging: false }]],
    ['missing', 'a trail of reads', [TRAIL, { IsLogging: true }, { EventSelectors: [READS] }]],
    [
      'missing',
      'a trail of reads, by advanced selectors',
      [TRAIL, { IsLogging: true }, { AdvancedEventSelectors: [advanced({ Field: 'readOnly', Equals: ['true'] })] }],
    ],
    ['missing', 'a trail of data alone', [TRAIL, { IsLogging: true }, { EventSelectors: [DATA] }]],
  ])('OPS-01 calls the trail %s with %s', async (verdict, _, answers) => {
    const { cloudTrail } = await aws({ 'POST /': answers.map(body => ({ body })) })

    expect(await trailFinding(cloudTrail)).toMatchObject({ check: 'CloudTrail trail', verdict })
  })

  it('OPS-01 is called wrongly with an access file that is not there, and does without one that nobody named', async () => {
    const mistyped = await typed(['doctor', '--file', 'our-acess.yaml'])
    const unnamed = await typed(['doctor'], { folder: tmpdir() })

    expect([mistyped.exit, mistyped.err]).toEqual([2, expect.stringMatching(/the access file cannot be read: ENOENT/)])
    expect([unnamed.exit, unnamed.out]).toEqual([0, expect.stringMatching(/\? access file: could not check/)])
  })

  it('OPS-01 finds an old Node, and a broken access file by its first line', async () => {
    const place = { workingFolder: FILES }

    expect(verdicts(await fileFindings('access.yaml', '24.21.0', place))).toEqual(['Node: fine', 'access file: fine'])
    expect(await fileFindings('broken.yaml', '20.20.2', place)).toMatchObject([
      { verdict: 'missing', detail: expect.stringMatching(/^20\.20\.2 is older than/) },
      { verdict: 'missing', detail: 'broken.yaml has 2 problems, the first in line 22' },
    ])
  })

  it('OPS-01 CLI-01 looks at what it can without a deployment and says what it could not; flaws end with 1', async () => {
    const quiet = await typed(['doctor'])
    const broken = await typed(['doctor', '--file', 'broken.yaml', '--json'])

    expect(quiet.exit).toBe(0)
    expect(quiet.out).toMatch(/✓ access file: access\.yaml is sound/)
    expect(quiet.out).toMatch(/\? API: could not check: no API is named/)
    expect(quiet.out).toMatch(/\? mail, IAM users, .*: could not check: no region/)
    expect(broken.exit).toBe(1)
    expect(JSON.parse(broken.out).findings.map(({ verdict }: { verdict: string }) => verdict)).toContain('missing')
  })

  it('OPS-01 asks the API whether it knows who calls', async () => {
    const problem = { title: 'Refused', code: 'unknown-person', detail: 'nobody', wouldPass: 'a principal' }
    const api = await LoopbackApi.start({
      'GET /entitlements': [{ body: { person: 'dana', entitlements: [] } }, { status: 403, body: problem }],
    })
    stops.push(() => api.stop())
    const folder = mkdtempSync(join(tmpdir(), 'lapse-doctor-'))
    writeLocalHouse(folder, api.url, ['dana'])
    const line = ['doctor', '--file', `${FILES}/access.yaml`, '--as', 'dana']

    const known = await typed(line, { folder })
    const stranger = await typed(line, { folder })
    rmSync(folder, { recursive: true })

    expect([known.exit, stranger.exit]).toEqual([0, 1])
    expect(known.out).toMatch(/✓ API: .* knows you as dana, with 0 entitlements/)
    expect(stranger.out).toMatch(/✗ API: unknown-person: nobody\n +remedy +a principal/)
  })
})

const XML = { 'content-type': 'text/xml' }
function user(path: string, hasBoundary = false): Told {
  const boundary = hasBoundary
    ? '<PermissionsBoundary><PermissionsBoundaryArn>b</PermissionsBoundaryArn></PermissionsBoundary>'
    : ''
  const body = `<GetUserResponse><GetUserResult><User><Arn>arn:aws:iam::111122223333:${path}</Arn>${boundary}</User></GetUserResult></GetUserResponse>`
  return { headers: XML, body }
}
function role(): Told {
  const body = `<GetRoleResponse><GetRoleResult><Role><Arn>arn:aws:iam::111122223333:${ROLE}</Arn></Role></GetRoleResult></GetRoleResponse>`
  return { headers: XML, body }
}
const noSuchUser: Told = {
  status: 404,
  headers: XML,
  body: '<ErrorResponse><Error><Type>Sender</Type><Code>NoSuchEntity</Code><Message>no</Message></Error></ErrorResponse>',
}
