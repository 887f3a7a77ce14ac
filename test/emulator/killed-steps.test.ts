import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { askApprovers } from '../../lambdas/application/ask-approvers.ts'
import { attachPolicy } from '../../lambdas/application/attach-policy.ts'
import { decideByLink, openLink } from '../../lambdas/application/decide-by-link.ts'
import { endGrant } from '../../lambdas/application/end-grant.ts'
import { issuePolicy } from '../../lambdas/application/issue-policy.ts'
import type { Message } from '../../lambdas/application/ports/announcer.ts'
import { requestAccess } from '../../lambdas/application/request-access.ts'
import { adaptersOn, type FaultHouse, requestersOf, startFaultHouse } from '../support/fault-house.ts'
import { LONG_AFTER, sweepOnce } from '../support/fault-run.ts'
import { verdictOf } from '../support/fault-verdict.ts'
import { GivenIds } from '../support/given-ids.ts'
import { KILLED, type KilledStep, STEPS } from '../support/killed-step-order.ts'

const SCRIPT = join(import.meta.dirname, '..', 'support', 'killed-step.ts')
const CACHE = join(import.meta.dirname, '..', '..', '.lapse', 'compile-cache')
const PEOPLE = 64
const NOW = new Date('2027-03-01T10:00:00.250Z')
const NOT_AFTER = new Date('2027-03-01T10:30:00.250Z')
/** Processes at once. */
const AT_ONCE = 3

let house: FaultHouse
const ids = new GivenIds()
const requestIds: string[] = []

beforeAll(async () => {
  house = await startFaultHouse(PEOPLE)
}, 90_000)

afterAll(() => house.emulator.stop())

function depsAt(now: Date) {
  const { author, binder, remover, ...adapters } = adaptersOn(house.direct)
  const told = async () => 'told' as const
  const deps = {
    ...adapters,
    access: house.access,
    accessHash: 'a',
    ids,
    publicUrl: 'https://lapse.example.com',
    quotas: { attachedTo: async () => 0, ofAccount: async () => ({ used: 0, quota: 1500 }) },
    attachmentsPerUser: 10,
    principals: binder,
    boundaries: [],
    clock: { now: () => now },
    announcer: { announce: async (_: Message) => {} },
    workflow: { start: async () => {}, approve: told, askNextStage: told, askOthers: told, close: told },
  }
  return { deps, author, binder, remover }
}

/** A request of somebody who has no other, right before the step. */
async function readyFor(step: KilledStep): Promise<string> {
  const requester = requestersOf(house.access)[requestIds.length] ?? ''
  const principal = house.principals.get(requester)
  if (!principal) throw new Error(`${requester} has no user`)
  const { deps } = depsAt(NOW)
  const ask = { entitlement: 'logs-read', durationSeconds: 1800, parameters: {} }
  const asked = await requestAccess(deps, { requester, principal, ask, reason: requester })
  if (asked.outcome !== 'accepted') throw new Error(asked.outcome)
  const { id } = asked.request
  requestIds.push(id)
  const mails: Message[] = []
  const announcer = { announce: async (message: Message) => void mails.push(message) }
  await askApprovers(
    { ...deps, announcer },
    { requestId: id, taskToken: 'token', ask: { rung: 0, timeoutSeconds: 1800 } },
  )
  const mail = mails.find(({ kind }) => kind === 'approval-asked')
  if (mail?.kind !== 'approval-asked') throw new Error('nobody was asked')
  const opened = await openLink(deps, mail.url.slice(mail.url.lastIndexOf('/') + 1))
  if (opened.outcome !== 'open') throw new Error(opened.outcome)
  await decideByLink(deps, opened, { decision: 'approve', seen: opened.seen, code: mail.code ?? '' })
  for (const before of STEPS.slice(0, STEPS.indexOf(step))) await here(before, id)
  return id
}

/** The step in this process, as the workflow's retry takes it. */
async function here(step: KilledStep, id: string, isRetry = false): Promise<void> {
  const { deps, author, binder, remover } = depsAt(step === 'detach' ? NOT_AFTER : NOW)
  if (step === 'issue') await issuePolicy({ ...deps, policies: author }, id)
  else if (step === 'attach') await attachPolicy({ ...deps, policies: binder }, id)
  else await endGrant({ ...deps, policies: remover }, id, { by: { service: 'revoker' }, isRetry })
}

type Moment = 'before' | 'after'

/** The step in a process of its own; gives its exit code and what it printed. */
function there(step: KilledStep, id: string, call = 0, moment: Moment = 'before') {
  const now = (step === 'detach' ? NOT_AFTER : NOW).toISOString()
  const endpoint = house.emulator.endpointUrl
  return new Promise<{ readonly code: number; readonly text: string }>(resolve => {
    // Forty processes read the same sources: compiled once, not forty times.
    const env = { ...process.env, NODE_COMPILE_CACHE: CACHE }
    const words = [SCRIPT, endpoint, String(PEOPLE), step, id, now, String(call), moment]
    execFile(process.execPath, words, { env }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, text: stdout + stderr })
    })
  })
}

interface Killing {
  readonly step: KilledStep
  readonly call: number
  readonly moment: Moment
  readonly id: string
}

async function killings(): Promise<readonly Killing[]> {
  const all: Killing[] = []
  for (const step of STEPS) {
    const { code, text } = await there(step, await readyFor(step))
    if (code !== 0) throw new Error(text)
    for (let call = 1; call <= Number(text); call += 1) {
      for (const moment of ['before', 'after'] as const) all.push({ step, call, moment, id: await readyFor(step) })
    }
  }
  return all
}

describe('a function that is killed', () => {
  it('END-03 FI-3: at any call of issue, attach and detach leaves no policy, and loses and doubles no event', async () => {
    const all = await killings()
    const notKilled: string[] = []
    const queue = [...all]
    const worker = async () => {
      for (let next = queue.shift(); next; next = queue.shift()) {
        const { step, id, call, moment } = next
        const { code, text } = await there(step, id, call, moment)
        if (code !== KILLED) notKilled.push(`${step} ${moment} call ${call}: ${code} ${text}`)
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, worker))
    expect(all.length).toBeGreaterThanOrEqual(36)
    expect(notKilled).toEqual([])

    // What is true after one call is true before the next: so the workflow's retry and the sweep alone both meet every state.
    for (const { step, id } of all.filter(({ moment }) => moment === 'after')) {
      for (const next of STEPS.slice(STEPS.indexOf(step))) await here(next, id, next === step)
    }
    const swept = await sweepOnce(house.access, house.direct, LONG_AFTER)
    const again = await sweepOnce(house.access, house.direct, LONG_AFTER)

    expect(swept.filter(({ what }) => what === 'failed')).toEqual([])
    expect(again).toEqual([])
    const verdict = await verdictOf(house, [], new Set(requestIds))
    expect(verdict).toMatchObject({
      findings: [],
      requests: requestIds.length,
      attached: 0,
      policiesLeft: 0,
      brokenChains: 0,
      open: 0,
      eventsLost: 0,
      eventsDoubled: 0,
      illegal: 0,
    })
    expect(Object.keys(verdict.causes)).toEqual(['expired'])
  }, 90_000)
})
