/** The exit code of a process that was killed where it was told to be. */
export const KILLED = 86

/** The steps that touch IAM, in the order of the workflow. */
export const STEPS = ['issue', 'attach', 'detach'] as const
export type KilledStep = (typeof STEPS)[number]
