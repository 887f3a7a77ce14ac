/** The command was called with something it cannot take. */
export class WrongUseError extends Error {
  override readonly name = 'WrongUseError'
}

/** Something outside that the command needs is missing or broken. */
export class BrokenWorldError extends Error {
  override readonly name = 'BrokenWorldError'
}

/**
 * What an error says, for a person. Not by its class: those of the system come from another realm in tests. Node says nothing itself
 * when every address of a host fails; its reasons are in `errors`.
 */
export function reasonOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error)
  if ('message' in error && typeof error.message === 'string' && error.message !== '') return error.message
  return 'errors' in error && Array.isArray(error.errors) ? error.errors.map(reasonOf).join('; ') : String(error)
}
