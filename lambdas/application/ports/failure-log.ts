/** Where a failure is written down that stops nothing. */
export interface FailureLog {
  error(message: string, about: Readonly<Record<string, unknown>>): void
}
