/** The time, in whole seconds where it is stored. */
export interface Clock {
  now(): Date
}

/** Where ids and secrets come from. */
export interface IdSource {
  /** A ULID. */
  requestId(now: Date): string
  /** 32 random bytes in base64url. */
  linkToken(): string
  /** Six decimal digits. */
  code(): string
}
