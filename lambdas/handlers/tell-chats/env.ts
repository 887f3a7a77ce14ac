/** None: which chat and what to say comes with each event. */
export type Env = Readonly<Record<never, string>>
