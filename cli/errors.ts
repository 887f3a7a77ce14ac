/** The command was called with something it cannot take. */
export class WrongUseError extends Error {
  override readonly name = 'WrongUseError'
}

/** Something outside that the command needs is missing or broken. */
export class BrokenWorldError extends Error {
  override readonly name = 'BrokenWorldError'
}

/** What an error says, for a person. Not by its class: those of the system come from another realm in tests. */
export function reasonOf(error: unknown): string {
  const hasMessage = typeof error === 'object' && error !== null && 'message' in error
  return hasMessage && typeof error.message === 'string' ? error.message : String(error)
}
