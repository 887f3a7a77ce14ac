import type { WorkflowAnswers, WorkflowStarter } from '../../lambdas/application/ports/workflow.ts'
import { Faults } from './faults.ts'

export type WorkflowAnswer =
  | { readonly kind: 'approved'; readonly requestId: string }
  | { readonly kind: 'stage-passed' }
  | { readonly kind: 'mail-bounced' }
  | { readonly kind: 'closed'; readonly why: string }

/** Executions that wait for nothing but the test. A token is good until it is answered or its wait has run out. */
export class RecordedWorkflow implements WorkflowStarter, WorkflowAnswers {
  readonly started = new Map<string, { readonly firstWaitSeconds: number }>()
  readonly answers: WorkflowAnswer[] = []
  readonly #waiting = new Set<string>()
  readonly #faults: Faults
  #tokens = 0

  constructor(faults = new Faults()) {
    this.#faults = faults
  }

  start({ requestId, firstWaitSeconds }: { requestId: string; firstWaitSeconds: number }): Promise<void> {
    return this.#faults.around('workflow.start', () => {
      if (!this.started.has(requestId)) this.started.set(requestId, { firstWaitSeconds })
    })
  }

  /** A new wait begins; gives its token. */
  wait(): string {
    this.#tokens += 1
    const token = `task-token-${this.#tokens}`
    this.#waiting.add(token)
    return token
  }

  runOut(taskToken: string): void {
    this.#waiting.delete(taskToken)
  }

  approve(taskToken: string, requestId: string) {
    return this.#faults.around('workflow.approve', () => this.#answer(taskToken, { kind: 'approved', requestId }))
  }

  askNextStage(taskToken: string) {
    return this.#faults.around('workflow.askNextStage', () => this.#answer(taskToken, { kind: 'stage-passed' }))
  }

  askOthers(taskToken: string) {
    return this.#faults.around('workflow.askOthers', () => this.#answer(taskToken, { kind: 'mail-bounced' }))
  }

  close(taskToken: string, why: string) {
    return this.#faults.around('workflow.close', () => this.#answer(taskToken, { kind: 'closed', why }))
  }

  #answer(taskToken: string, answer: WorkflowAnswer): 'told' | 'gone' {
    if (!this.#waiting.delete(taskToken)) return 'gone'
    this.answers.push(answer)
    return 'told'
  }
}
