/** Starts a sweep without waiting for it. */
export interface SweepStarter {
  start(): Promise<void>
}
