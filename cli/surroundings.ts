/** Somewhere text is written to. */
export interface Screen {
  write(text: string): void
  /** False when it is piped or written to a file. */
  readonly isTerminal: boolean
}

/** What a command touches outside itself: `bin/lapse.ts` gives the process, tests give their own. */
export interface Surroundings {
  readonly workingFolder: string
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly out: Screen
  /** For what is wrong, and for what is told on the way: answers alone go to `out`. */
  readonly err: Screen
  now(): Date
  /** A key nobody had before, for `Idempotency-Key`. */
  newKey(): string
  sleep(milliseconds: number): Promise<void>
  /** Asks whoever sits at the terminal; undefined when nobody does. */
  ask(question: string): Promise<string | undefined>
}
