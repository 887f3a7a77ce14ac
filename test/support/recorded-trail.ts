import type { Calls, Trail } from '../../lambdas/application/ports/books.ts'
import { isInSpan, type Span } from '../../lambdas/domain/activity/books.ts'
import type { Call } from '../../lambdas/domain/activity/call.ts'
import { Faults } from './faults.ts'

/** A call as CloudTrail would have it, of somebody who looked at instances. */
export function aCallOf(overrides: Partial<Call> & Pick<Call, 'at'>): Call {
  return {
    eventId: `event-${overrides.at.getTime()}`,
    action: 'ec2:DescribeInstances',
    isReadOnly: true,
    resources: [],
    ...overrides,
  }
}

/** A trail of calls a test put there. What is asked of it is kept. */
export class RecordedTrail implements Trail {
  readonly calls: Call[] = []
  readonly asked: Span[] = []
  isCut = false
  readonly #faults: Faults

  constructor(faults = new Faults()) {
    this.#faults = faults
  }

  callsOf(_principal: unknown, span: Span): Promise<Calls> {
    return this.#faults.around('trail.callsOf', () => {
      this.asked.push(span)
      const calls = this.calls.filter(({ at }) => isInSpan(span, at))
      return { calls, regions: ['eu-central-1', 'us-east-1'], pages: 2, isCut: this.isCut, unreadable: 0 }
    })
  }
}
