import * as z from 'zod/mini'

/** The version of what the workflow's states hand each other. A running execution keeps the one it started with. */
export const CONTRACT = 1

const $Id = z.string().check(z.regex(/^[0-9A-HJKMNP-TV-Z]{26}$/))

/** Input of an execution: ids and the wait until the first rung of the ladder, never a document. */
export const $ExecutionInput = z.object({
  requestId: $Id,
  contract: z.literal(CONTRACT),
  ask: z.object({
    rung: z.int().check(z.nonnegative()),
    timeoutSeconds: z.int().check(z.positive()),
    /** What a wait after the first one begins with: other people are asked too, or nobody is mailed. Without it, a reminder. */
    begins: z.optional(z.enum(['escalated', 'quietly'])),
  }),
})
export type ExecutionInput = z.output<typeof $ExecutionInput>

/** Input of the state that asks the approvers. */
export const $AskInput = z.extend($ExecutionInput, { taskToken: z.string().check(z.minLength(1)) })
export type AskInput = z.output<typeof $AskInput>

/** Input of every later step. Other members (what failed before) pass through unread. */
export const $StepInput = z.object({ requestId: $Id, contract: z.literal(CONTRACT) })
export type StepInput = z.output<typeof $StepInput>

/** Input of the step that detaches: on which attempt it is tells what was lost from what was never there. */
export const $DetachInput = z.extend($StepInput, { retryCount: z.int().check(z.nonnegative()) })

/** Output of the step that attaches; `Wait until the end` reads `notAfter`. */
export const $Attached = z.extend($StepInput, { notAfter: z.string() })
export type Attached = z.output<typeof $Attached>

/** Output of the ladder: wait again, or the request is over. */
export type Climbed = ExecutionInput & { readonly outcome: 'waiting' | 'over' }
