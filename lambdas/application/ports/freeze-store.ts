/** A stop of all granting, until somebody lifts it. */
export interface Freeze {
  /** Person id. */
  readonly by: string
  readonly at: Date
  readonly reason: string
}

/** Keeps whether access is frozen, and every freeze and lift there was. */
export interface FreezeStore {
  current(): Promise<Freeze | undefined>
  /** Freezes. A freeze that is on already stays as it was. */
  freeze(freeze: Freeze): Promise<Freeze>
  /** Lifts the freeze, if there is one. */
  lift(by: string, at: Date): Promise<void>
}
