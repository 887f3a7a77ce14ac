/** How a command ends, as shells and scripts read it. */
export const EXIT = {
  ok: 0,
  /** The answer is no: refused, denied, flaws found. */
  no: 1,
  /** It was called wrongly, or something it needs is broken: nothing is said about the question. */
  wrong: 2,
} as const
export type Exit = (typeof EXIT)[keyof typeof EXIT]
