import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DeleteRolePolicyCommand, ListRolesCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam'
import { GetExecutionHistoryCommand, SFNClient } from '@aws-sdk/client-sfn'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { deploySynthesized, synthesizeApp } from '../../local/deploy.ts'
import { clientSettings } from '../../local/house.ts'
import { linkAndCode, receivedMails } from '../../local/mailbox.ts'
import { $RequestView } from '../support/api-answers.ts'
import { openPage, postForm, seenOf } from '../support/approval-link.ts'
import { TEST_ACCESS_FILE } from '../support/deploy-once.ts'
import { OwnHouse } from '../support/own-house.ts'
import { until } from '../support/until.ts'

/** The states are held for about half a minute of deployment; then the longest grant has two minutes. */
jest.setTimeout(420_000)

const DANA = 'dana@acme.example'
const CAROL = 'carol@acme.example'
/** Long enough for a deployment, and for what is left of a grant after it. */
const HELD_SECONDS = 45
const LATER = `PT${HELD_SECONDS * 2}S`

/** One that two have to agree to, one that waits for one; a reminder comes soon after the deployment. */
const HELD_ENTITLEMENTS = `
  held-by-two:
    title: Read the vault
    description: Download from the bucket of the vault.
    risk: medium
    statements: [{ actions: ["s3:GetObject"], resources: ["arn:aws:s3:::acme-vault/*"] }]
    duration: { default: 1m, maximum: 1h }
    rules: [{ name: engineers may read the vault, allow: [group:engineers] }]
    approval:
      stages: [{ name: administrator and data owner, approvers: [dana, carol], quorum: 2 }]
      remindAfter: ${HELD_SECONDS}s
      unansweredAfter: 1h
      code: false
  held-by-one:
    title: Read the shelf
    description: Download from the bucket of the shelf.
    risk: medium
    statements: [{ actions: ["s3:GetObject"], resources: ["arn:aws:s3:::acme-shelf/*"] }]
    duration: { default: 1m, maximum: 1h }
    rules: [{ name: engineers may read the shelf, allow: [group:engineers] }]
    approval:
      stages: [{ name: administrators, approvers: [dana], quorum: 1 }]
      remindAfter: ${HELD_SECONDS}s
      unansweredAfter: 1h
      code: false
`.replace('', '')

let own: OwnHouse
let accessFile = ''
const settings = () => clientSettings(own.house.emulator)

beforeAll(async () => {
  own = await OwnHouse.start(folder => {
    accessFile = join(folder, 'access.yaml')
    writeFileSync(accessFile, `${readFileSync(TEST_ACCESS_FILE, 'utf8').trimEnd()}\n${HELD_ENTITLEMENTS}`)
    return accessFile
  })
})

afterAll(async () => {
  await own?.stop()
})

async function asked(person: string, entitlement: string, duration: string): Promise<string> {
  const body = { entitlement, duration, reason: 'the machines hang while we deploy' }
  return $RequestView.parse(await own.call(person, 'POST', '/requests', body, 202)).requestId
}

/** Answers the latest mail about a request to an approver. */
async function approve(requestId: string, approver: string, isReminder = false): Promise<void> {
  const mail = await until(`a mail to ${approver}`, HELD_SECONDS * 2, async () =>
    (await receivedMails(own.house.emulator.endpointUrl)).findLast(
      ({ to, subject, text }) =>
        to.includes(approver) && subject.includes(isReminder ? 'Reminder' : ' asks: ') && text.includes(requestId),
    ),
  )
  const { url } = linkAndCode(mail)
  const answer = await postForm(url, { decision: 'approve', seen: seenOf(await openPage(url)), comment: '' })
  if (answer.status !== 200) throw new Error(`the approval was answered ${answer.status}`)
}

const read = async (person: string, requestId: string) =>
  $RequestView.parse(await own.call(person, 'GET', `/requests/${requestId}`))

/** What the execution of a request has been through. */
async function historyOf(requestId: string): Promise<string> {
  const executionArn = `${own.house.stateMachineArn.replace(':stateMachine:', ':execution:')}:${requestId}`
  const command = new GetExecutionHistoryCommand({ executionArn, maxResults: 1000 })
  return JSON.stringify((await new SFNClient(settings()).send(command)).events)
}

/** The versions of Lapse's functions that the execution has called. */
async function versionsCalled(requestId: string): Promise<readonly string[]> {
  const called = (await historyOf(requestId)).matchAll(/:function:Lapse-[\w-]+:(\d+|\$LATEST)/g)
  return [...new Set([...called].map(match => match[1] ?? ''))]
}

/** Denies a function's role some actions, until what it gives back is called. */
async function denied(role: string, actions: readonly string[]): Promise<() => Promise<unknown>> {
  const { Roles = [] } = await own.iam.send(new ListRolesCommand({ PathPrefix: '/lapse/' }))
  const RoleName = Roles.find(each => each.RoleName?.includes(role))?.RoleName
  if (RoleName === undefined) throw new Error(`there is no role of ${role}`)
  const Statement = [{ Effect: 'Deny', Action: actions, Resource: '*' }]
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement })
  await own.iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'Held', PolicyDocument }))
  return () => own.iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: 'Held' }))
}

/** Users who have the policy of a request; undefined without the policy. */
async function holders(requestId: string): Promise<number | undefined> {
  const found = [...(await own.grantPolicies())].find(([arn]) => arn.endsWith(requestId))
  return found?.[1]
}

describe('a deployment amid requests', () => {
  it('END-07 FI-16: in each of six states lets the request finish on time by the code it began with', async () => {
    const nextFile = join(accessFile, '..', 'next.yaml')
    const renamed = readFileSync(accessFile, 'utf8').replace(
      'Run the machines of the sandbox',
      'Run the sandbox, renamed',
    )
    writeFileSync(nextFile, renamed)
    const next = {
      emulator: own.house.emulator,
      accessFile: nextFile,
      context: { publicUrl: own.house.apiUrl, tags: 'ms-custom-id=lapse' },
      log: () => {},
      outputFolder: join(accessFile, '..', 'redeploy'),
    }
    await synthesizeApp(next)

    // Given a removal that is refused and tried again (the sweep would close it too, so it is held as well).
    const removals = ['iam:Detach*', 'iam:DeletePolicy']
    const revokerMay = await denied('Revoker', removals)
    await denied('Sweep', removals)
    const detaching = await own.active(
      'petra',
      { entitlement: 'sandbox-admin', duration: 'PT5S', reason: 'short' },
      DANA,
    )
    // … one in force, one that waits for its approver, one that waits for the second of two and is reminded later
    const active = await own.active('ruth', { entitlement: 'sandbox-admin', duration: LATER, reason: 'long' }, DANA)
    const waiting = await asked('alice', 'sandbox-admin', 'PT20S')
    const second = await asked('victor', 'held-by-two', 'PT20S')
    await approve(second, DANA)
    // … one that is approved, and its execution was not told
    const decideMay = await denied('DecideByLink', ['states:SendTask*'])
    const approved = await asked('bob', 'held-by-one', LATER)
    await approve(approved, DANA)
    await decideMay()
    // … and one whose policy is issued and cannot be attached.
    const applierMay = await denied('Applier', ['iam:AttachUserPolicy'])
    const attaching = await asked('nora', 'held-by-one', LATER)
    await approve(attaching, DANA)
    await until('the policy is issued', 30, () => holders(attaching))
    await until('the removal is due', 30, async () => new Date() > detaching.notAfter || undefined)

    const began = Date.now()
    await deploySynthesized(next)
    console.info(`FI-16: deployed in ${Math.round((Date.now() - began) / 1000)} s`)

    expect(JSON.stringify(await own.call('alice', 'GET', '/entitlements'))).toContain('Run the sandbox, renamed')
    // Then each is still in its state …
    expect(await read('alice', waiting)).toMatchObject({ status: 'PENDING' })
    expect([(await read('bob', approved)).status, await holders(approved)]).toEqual(['APPROVED', undefined])
    expect([(await read('nora', attaching)).status, await holders(attaching)]).toEqual(['APPROVED', 0])
    expect([(await read('ruth', active.requestId)).status, await holders(active.requestId)]).toEqual(['ACTIVE', 1])
    expect([(await read('petra', detaching.requestId)).status, await holders(detaching.requestId)]).toEqual([
      'ACTIVE',
      1,
    ])
    expect(await read('victor', second)).toMatchObject({ status: 'PENDING', decisions: [{ approver: 'dana' }] })

    // … and goes on from there: people answer the mails of before, what was refused is allowed.
    await Promise.all([revokerMay(), applierMay(), approve(waiting, DANA), approve(second, CAROL, true)])
    const people = {
      alice: waiting,
      bob: approved,
      nora: attaching,
      ruth: active.requestId,
      petra: detaching.requestId,
      victor: second,
    }
    for (const [person, requestId] of Object.entries(people)) {
      const { endCause, receipt, grant } = await own.untilStatus(person, requestId, 'ENDED', HELD_SECONDS * 3)
      expect([person, endCause, receipt?.detached]).toEqual([person, 'expired', 1])
      const late = (receipt?.verifiedAt.getTime() ?? 0) - (grant?.notAfter.getTime() ?? Infinity)
      expect(late).toBeGreaterThanOrEqual(0)
      expect([person, await versionsCalled(requestId)]).toEqual([person, ['1']])
    }
    expect(await own.grantPolicies()).toEqual(new Map())

    // And the next request is the new code's.
    const newer = await own.active('bob', { entitlement: 'sandbox-admin', duration: 'PT5S', reason: 'after' }, DANA)
    await own.untilStatus('bob', newer.requestId, 'ENDED', 60)
    expect(await versionsCalled(newer.requestId)).toEqual(['2'])
  })
})
