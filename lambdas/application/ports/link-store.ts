/** An approver's e-mailed link. The token itself is nowhere at rest: the hash is the key. */
export interface Link {
  /** SHA-256 of the token, hex. */
  readonly tokenHash: string
  readonly requestId: string
  /** Person id; the link works for nobody else, because nobody else gets it. */
  readonly approver: string
  /** Name of the stage it was sent for; in another stage it is dead. */
  readonly stage: string
  /** SHA-256 over the token's hash and the six digits; absent where no code is asked for. */
  readonly codeHash?: string | undefined
  readonly expiresAt: Date
  readonly state: 'open' | 'used'
  /** Codes tried so far. At `MOST_TRIES` the link is void. */
  readonly tries: number
}

/** Tries at a link's code. Five of a million: a guess wins with 1 in 200,000. */
export const MOST_TRIES = 5

export interface LinkStore {
  put(links: readonly Link[]): Promise<void>
  find(tokenHash: string): Promise<Link | undefined>
  /** Takes one try before the code is looked at, so that guesses made at once cannot be more than `MOST_TRIES`. */
  takeTry(
    tokenHash: string,
  ): Promise<{ readonly outcome: 'taken'; readonly tries: number } | { readonly outcome: 'none-left' }>
}
