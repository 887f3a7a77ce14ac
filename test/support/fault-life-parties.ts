import type { Announcer, Message } from '../../lambdas/application/ports/announcer.ts'
import type { Clock } from '../../lambdas/application/ports/chance.ts'
import type { WorkflowAnswers, WorkflowStarter } from '../../lambdas/application/ports/workflow.ts'
import type { SeededChance } from './seeded-chance.ts'

export class LifeClock implements Clock {
  instant = new Date(0)

  now(): Date {
    return new Date(this.instant)
  }

  step(seconds: number): void {
    this.instant = new Date(this.instant.getTime() + seconds * 1000)
  }
}

class UnansweredError extends Error {
  override readonly name = 'UnansweredError'
}

/** What an approver was mailed. */
export interface ApprovalMail {
  readonly approver: string
  readonly token: string
  readonly code: string
}

/** Approvers' mailboxes. */
export class LifeMail implements Announcer {
  readonly #chance: SeededChance
  readonly #faults: number
  #asks: ApprovalMail[] = []

  constructor(chance: SeededChance, faults: number) {
    this.#chance = chance
    this.#faults = faults
  }

  async announce(message: Message): Promise<void> {
    if (this.#chance.hits(this.#faults)) throw new UnansweredError('the mail service is away')
    if (message.kind !== 'approval-asked') return
    const token = message.url.slice(message.url.lastIndexOf('/') + 1)
    this.#asks.push({ approver: message.to.id, token, code: message.code ?? '' })
  }

  taken() {
    const asks = this.#asks
    this.#asks = []
    return asks
  }
}

/** Stands in for Step Functions: one token at a time, good until it is answered. */
export class LifeWorkflow implements WorkflowStarter, WorkflowAnswers {
  isStarted = false
  answer: 'approved' | 'stage-passed' | 'mail-bounced' | 'closed' | undefined
  readonly #chance: SeededChance
  readonly #faults: number
  #tokens = 0

  constructor(chance: SeededChance, faults: number) {
    this.#chance = chance
    this.#faults = faults
  }

  wait(): string {
    this.#tokens += 1
    this.answer = undefined
    return `token-${this.#tokens}`
  }

  start(): Promise<void> {
    return this.#faulted(() => {
      this.isStarted = true
    })
  }

  approve(taskToken: string) {
    return this.#answered(taskToken, 'approved')
  }

  askNextStage(taskToken: string) {
    return this.#answered(taskToken, 'stage-passed')
  }

  askOthers(taskToken: string) {
    return this.#answered(taskToken, 'mail-bounced')
  }

  close(taskToken: string) {
    return this.#answered(taskToken, 'closed')
  }

  #answered(taskToken: string, answer: 'approved' | 'stage-passed' | 'mail-bounced' | 'closed') {
    return this.#faulted(() => {
      if (taskToken !== `token-${this.#tokens}` || this.answer !== undefined) return 'gone' as const
      this.answer = answer
      return 'told' as const
    })
  }

  async #faulted<Output>(apply: () => Output): Promise<Output> {
    const fault = this.#chance.hits(this.#faults)
    if (fault && this.#chance.hits(0.5)) throw new UnansweredError('Step Functions is away')
    const output = apply()
    if (fault) throw new UnansweredError('the answer of Step Functions got lost')
    return output
  }
}
