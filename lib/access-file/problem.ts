/** Something wrong in the access file, with its place in the text and what to do about it. */
export interface Problem {
  /** Both count from 1. */
  readonly line: number
  readonly column: number
  /** `entitlements.orders-read.rules[0].allow[1]`; empty when it is about the whole file. */
  readonly path: string
  readonly message: string
  readonly fix: string
}

/** The access file cannot be used. The message lists every problem, one a line. */
export class AccessFileError extends Error {
  override readonly name = 'AccessFileError'
  readonly problems: readonly Problem[]

  constructor(fileName: string, problems: readonly Problem[], options?: ErrorOptions) {
    super(problems.map(problem => toProblemText(fileName, problem)).join('\n'), options)
    this.problems = problems
  }
}

function toProblemText(fileName: string, { line, column, path, message, fix }: Problem): string {
  const place = `${fileName}:${line}:${column}`
  return `${path === '' ? place : `${place} ${path}`}: ${message}. Fix: ${fix}.`
}
