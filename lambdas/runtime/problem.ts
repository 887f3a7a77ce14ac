/** An answer of RFC 9457 (`application/problem+json`). `code` is for programs, `detail` and `wouldPass` are for people. */
export interface Problem {
  readonly status: number
  readonly code: string
  readonly title: string
  readonly detail: string
  /** What the caller could send instead. */
  readonly wouldPass?: string | undefined
  readonly requestId?: string | undefined
  readonly rule?: string | undefined
  /** One line per member of the body that does not fit. */
  readonly errors?: readonly { readonly at: string; readonly message: string }[] | undefined
}

/** Thrown by a handler to answer with a problem. Expected outcomes only: nothing is logged as an error. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError'
  readonly problem: Problem

  constructor(problem: Omit<Problem, 'title'>, options?: ErrorOptions) {
    super(problem.detail, options)
    this.problem = { title: TITLES[problem.status] ?? 'Error', ...problem }
  }
}

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad request',
  403: 'Refused',
  404: 'Not found',
  405: 'Method not allowed',
  409: 'Conflict',
  413: 'Too large',
  415: 'Unsupported media type',
  422: 'Not possible',
  500: 'Something broke',
  503: 'Not available',
}

/** The body and headers of a problem as an API Gateway proxy result. */
export function problemResult(problem: Problem) {
  return {
    statusCode: problem.status,
    headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store' },
    body: JSON.stringify({ type: `urn:lapse:problem:${problem.code}`, ...problem }),
  }
}
