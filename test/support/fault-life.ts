import { setTimeout as sleep } from 'node:timers/promises'
import { askApprovers } from '../../lambdas/application/ask-approvers.ts'
import { attachPolicy } from '../../lambdas/application/attach-policy.ts'
import { cancelRequest } from '../../lambdas/application/cancel-request.ts'
import { climbLadder } from '../../lambdas/application/climb-ladder.ts'
import { decideByLink, openLink } from '../../lambdas/application/decide-by-link.ts'
import { endEarly } from '../../lambdas/application/end-early.ts'
import { endGrant } from '../../lambdas/application/end-grant.ts'
import { issuePolicy } from '../../lambdas/application/issue-policy.ts'
import type { IdSource } from '../../lambdas/application/ports/chance.ts'
import type { PolicyQuotas } from '../../lambdas/application/ports/policies.ts'
import { requestAccess } from '../../lambdas/application/request-access.ts'
import { type Climbed, CONTRACT } from '../../lambdas/contract/workflow.ts'
import type { AccessFile } from '../../lambdas/domain/access-file.ts'
import { GrantRefusedError, TokenNotKeptError } from '../../lambdas/domain/errors.ts'
import type { Principal } from '../../lambdas/domain/request.ts'
import { type CallMeter, KilledError } from './call-meter.ts'
import type { adaptersOn } from './fault-house.ts'
import { type ApprovalMail, LifeClock, LifeMail, LifeWorkflow } from './fault-life-parties.ts'
import type { SeededChance } from './seeded-chance.ts'

export const FATES = ['expires', 'denied', 'cancelled', 'unanswered', 'returned', 'revoked'] as const

/** What the people of a life are going to do. */
export interface Plan {
  readonly requester: string
  readonly reason: string
  readonly entitlement: 'logs-read' | 'data-read' | 'table-repair'
  readonly fate: (typeof FATES)[number]
  /** When an early end is ordered: before the issue, while the policy is issued and attached, in force, or while the workflow ends it. */
  readonly moment: 'before' | 'during' | 'in-force' | 'at-the-end'
}

/** What the use cases said they had done. Each is to be found in the ledger. */
export interface Deeds {
  readonly reason: string
  readonly said: Set<'approved' | 'denied' | 'cancelled' | 'activated' | 'closed'>
  /** What people were told that is not so. */
  readonly misled: string[]
  requestId?: string
  wasKilled: boolean
  /** What the last removal took: tries of the state, calls and retries of the SDK, seconds of waiting there would have been. */
  removal?: { readonly attempts: number; readonly requests: number; readonly waitedSeconds: number }
}

export interface LifeTools {
  readonly access: AccessFile
  readonly principal: Principal
  readonly adapters: ReturnType<typeof adaptersOn>
  readonly ids: IdSource
  readonly chance: SeededChance
  readonly meter: CallMeter
  readonly begins: Date
  /** Share of the calls of Step Functions and the mail service that fail for good. */
  readonly otherFaults: number
}

/** `MaxAttempts` of the transient Retry in lib/workflow.ts. */
const STATE_RETRIES = 6
const RETRY_SECONDS = 2
const LONGEST_STATE_DELAY = 60
/** Of the removal, whose Retry in lib/workflow.ts ends after 8,000. */
const REMOVAL_RETRIES = 60
const LONGEST_REMOVAL_DELAY = 300
/** Room in IAM, told without asking: two calls less a life, and they change nothing. */
const ROOM: PolicyQuotas = { attachedTo: async () => 0, ofAccount: async () => ({ used: 0, quota: 1500 }) }
/** How often a person, or their client, tries again. */
const PATIENCE = 5

/** One request from the ask to its end, every party of it; what goes wrong is handled as the state machine handles it. */
export class FaultLife {
  readonly deeds: Deeds
  readonly #plan: Plan
  readonly #tools: LifeTools
  readonly #clock = new LifeClock()
  readonly #mail: LifeMail
  readonly #workflow: LifeWorkflow
  /** Approvers who have sent an answer. */
  readonly #answered = new Set<string>()

  constructor(plan: Plan, tools: LifeTools) {
    this.#plan = plan
    this.#tools = tools
    this.deeds = { reason: plan.reason, said: new Set(), misled: [], wasKilled: false }
    this.#clock.instant = tools.begins
    this.#mail = new LifeMail(tools.chance, tools.otherFaults)
    this.#workflow = new LifeWorkflow(tools.chance, tools.otherFaults)
  }

  /** Throws nothing but what is a mistake of the test: a driver that dies is a deed. */
  async live(): Promise<Deeds> {
    try {
      const requestId = await this.#asked()
      if (requestId !== undefined && this.#workflow.isStarted) await this.#execution(requestId)
    } catch (error) {
      if (!(error instanceof KilledError) && !this.#isDead) throw error
      this.deeds.wasKilled = true
    }
    return this.deeds
  }

  get #isDead(): boolean {
    const { dies, calls } = this.#tools.meter
    return dies !== undefined && calls >= dies.at
  }

  get #deps() {
    const { adapters, access, ids } = this.#tools
    const ports = { announcer: this.#mail, workflow: this.#workflow, clock: this.#clock }
    return {
      ...adapters,
      ...ports,
      access,
      ids,
      accessHash: 'a',
      attachmentsPerUser: 10,
      quotas: ROOM,
      principals: adapters.binder,
      boundaries: [],
      publicUrl: 'https://l.example',
    }
  }

  async #asked(): Promise<string | undefined> {
    const { requester, reason, entitlement } = this.#plan
    const { principal } = this.#tools
    const ask = { entitlement, durationSeconds: 1800, parameters: {} }
    const asking = { requester, principal, ask, reason, idempotencyKey: reason }
    const asked = await this.#patiently(() => requestAccess(this.#deps, asking))
    if (!asked || asked.outcome === 'unknown-entitlement' || asked.outcome === 'key-reused') return undefined
    if (asked.outcome === 'not-active') return undefined
    const requestId = asked.outcome === 'not-started' ? asked.requestId : asked.request.id
    this.deeds.requestId = requestId
    return requestId
  }

  /** The state machine of lib/workflow.ts: which state follows which, what is retried and what is caught. */
  async #execution(requestId: string): Promise<void> {
    const approval = await this.#untilApproved(requestId)
    if (approval === 'over') return
    if (approval === 'approved') await this.#inForce(requestId)
    const { fate, moment } = this.#plan
    const isContended = moment === 'at-the-end' && (fate === 'returned' || fate === 'revoked')
    await Promise.all([this.#detached(requestId), isContended ? this.#endedEarly(requestId) : 0])
  }

  async #untilApproved(requestId: string): Promise<'approved' | 'over' | 'caught'> {
    let ask: Climbed['ask'] = { rung: 0, timeoutSeconds: 1800 }
    for (;;) {
      const taskToken = this.#workflow.wait()
      const asked = await this.#once(() => askApprovers(this.#deps, { requestId, taskToken, ask }))
      if (asked.error !== undefined && !(asked.error instanceof TokenNotKeptError)) return 'caught'
      if (!asked.error && this.#workflow.answer === undefined) await this.#peopleAct(requestId)
      const answer = this.#workflow.answer
      if (answer === 'approved') return 'approved'
      if (answer === 'closed') return 'over'
      if (answer === undefined) this.#clock.step(ask.timeoutSeconds)
      const input = { requestId, contract: CONTRACT, ask } as const
      const climbed = await this.#state(() => climbLadder(this.#deps, input))
      if (!climbed) return 'caught'
      if (climbed.outcome === 'over') return 'over'
      ask = climbed.ask
    }
  }

  async #peopleAct(requestId: string): Promise<void> {
    const { fate, requester } = this.#plan
    if (fate === 'unanswered') return
    this.#clock.step(60)
    if (fate === 'cancelled') {
      const cancelled = await this.#patiently(() => cancelRequest(this.#deps, requestId, requester))
      if (cancelled?.outcome === 'cancelled') this.deeds.said.add('cancelled')
      return
    }
    for (const mail of this.#mail.taken()) await this.#patiently(() => this.#decide(requestId, mail))
  }

  async #decide(requestId: string, { token, code, approver }: ApprovalMail): Promise<void> {
    const opened = await openLink(this.#deps, token)
    if (opened.outcome !== 'open') return
    const decision = this.#plan.fate === 'denied' ? 'deny' : 'approve'
    const isFirst = !this.#answered.has(approver)
    this.#answered.add(approver)
    const answered = await decideByLink(this.#deps, opened, { decision, seen: opened.seen, code })
    if (answered.outcome === 'refused' && isFirst) await this.#askBack(requestId, approver, answered.why)
    if (answered.outcome === 'decided' && answered.verdict !== 'open') this.deeds.said.add(answered.verdict)
  }

  /** Nobody else answers for them, so a refusal of their first answer means that it is not written. */
  async #askBack(requestId: string, approver: string, why: string): Promise<void> {
    const request = await this.#deps.store.find(requestId)
    const isWritten = request?.decisions.some(decision => decision.approver === approver) ?? false
    if (isWritten) this.deeds.misled.push(`misled ${requestId}: ${approver} was told ${why}, and the answer stands`)
  }

  async #inForce(requestId: string): Promise<void> {
    const { fate, moment } = this.#plan
    const isEarly = fate === 'returned' || fate === 'revoked'
    if (isEarly && moment === 'before') await this.#endedEarly(requestId)
    this.#clock.step(2)
    const [notAfter] = await Promise.all([
      this.#issuedAndAttached(requestId),
      isEarly && moment === 'during' ? sleep(this.#tools.chance.below(120)).then(() => this.#endedEarly(requestId)) : 0,
    ])
    if (isEarly && moment === 'in-force') await this.#endedEarly(requestId)
    // Without an end it was caught, and the removal comes at once.
    if (notAfter) this.#clock.instant = notAfter
  }

  async #issuedAndAttached(requestId: string): Promise<Date | undefined> {
    const deps = this.#deps
    const issued = await this.#state(async () => {
      await issuePolicy({ ...deps, policies: deps.author }, requestId)
      return true
    })
    if (!issued) return undefined
    const grant = await this.#state(() => attachPolicy({ ...deps, policies: deps.binder }, requestId))
    if (grant) this.deeds.said.add('activated')
    return grant?.notAfter
  }

  async #endedEarly(requestId: string): Promise<void> {
    const deps = this.#deps
    const [by, cause] =
      this.#plan.fate === 'returned' ? [this.#plan.requester, 'returned' as const] : ['adam', 'revoked' as const]
    const ended = await this.#patiently(async () => {
      const request = await deps.store.find(requestId)
      return request && (await endEarly({ ...deps, policies: deps.remover }, request, { by, cause }))
    })
    if (ended?.outcome === 'ended') this.deeds.said.add('closed')
  }

  async #detached(requestId: string): Promise<void> {
    const deps = { ...this.#deps, policies: this.#tools.adapters.remover }
    const { meter } = this.#tools
    const before = { requests: meter.calls + meter.retries, waited: meter.waitedMs }
    for (let attempt = 1; attempt <= REMOVAL_RETRIES; attempt += 1) {
      const order = { by: { service: 'revoker' }, isRetry: attempt > 1 }
      const { error } = await this.#once(() => endGrant(deps, requestId, order))
      if (error === undefined) {
        this.deeds.said.add('closed')
        const requests = meter.calls + meter.retries - before.requests
        this.deeds.removal = { attempts: attempt, requests, waitedSeconds: (meter.waitedMs - before.waited) / 1000 }
        return
      }
      await this.#pause(attempt, LONGEST_REMOVAL_DELAY)
    }
  }

  /** A state with the transient Retry; undefined: its Catch takes over. */
  async #state<Output>(work: () => Promise<Output>): Promise<Output | undefined> {
    for (let attempt = 1; ; attempt += 1) {
      const { output, error } = await this.#once(work)
      if (error === undefined) return output
      if (error instanceof GrantRefusedError || attempt > STATE_RETRIES) return undefined
      await this.#pause(attempt, LONGEST_STATE_DELAY)
    }
  }

  async #patiently<Output>(work: () => Promise<Output>): Promise<Output | undefined> {
    for (let attempt = 1; attempt <= PATIENCE; attempt += 1) {
      const { output, error } = await this.#once(work)
      if (error === undefined) return output
      await sleep(1)
    }
    return undefined
  }

  /** One try. The driver's own death passes through everything that catches. */
  async #once<Output>(work: () => Promise<Output>): Promise<{ readonly output?: Output; readonly error?: unknown }> {
    if (this.#isDead) throw new KilledError()
    try {
      return { output: await work() }
    } catch (error) {
      if (this.#isDead) throw new KilledError()
      // No fault of AWS looks like this: it is a mistake here.
      if (error instanceof TypeError || error instanceof ReferenceError) throw error
      return { error: error ?? new Error('nothing was thrown') }
    }
  }

  /** The wait before a retry: counted at its longest, before jitter, and kept short here. */
  async #pause(attempt: number, longestSeconds: number): Promise<void> {
    this.#tools.meter.waitedMs += Math.min(longestSeconds, RETRY_SECONDS * 2 ** (attempt - 1)) * 1000
    await sleep(2)
  }
}
