import * as z from 'zod/mini'
import { EXIT, type Exit } from '../exit.ts'

/** An answer of `application/problem+json`, as far as people are told of it. */
export const $Problem = z.looseObject({
  title: z.string(),
  code: z.string(),
  detail: z.string(),
  wouldPass: z.optional(z.string()),
  requestId: z.optional(z.string()),
  rule: z.optional(z.string()),
  errors: z.optional(z.array(z.object({ at: z.string(), message: z.string() }))),
})
export type Problem = z.output<typeof $Problem>

/** The API said no, and why. */
export class ApiProblemError extends Error {
  override readonly name = 'ApiProblemError'
  readonly status: number
  readonly problem: Problem

  constructor(status: number, problem: Problem) {
    super(problem.detail)
    this.status = status
    this.problem = problem
  }
}

/** Calls that do not fit, too many of them, and a service that broke: these say nothing about the question. */
const NO_ANSWER: ReadonlySet<number> = new Set([400, 413, 415, 429])

/** What API Gateway says itself, before Lapse is asked: docs/api.md, every signed route. */
const NOT_ASKED: ReadonlySet<string> = new Set([
  'unsigned',
  'wrong-signature',
  'expired-credentials',
  'not-allowed-to-call',
  'stopped-by-firewall',
  'refused-by-gateway',
])

export function exitOf({ status, problem }: ApiProblemError): Exit {
  return status >= 500 || NO_ANSWER.has(status) || NOT_ASKED.has(problem.code) ? EXIT.wrong : EXIT.no
}
