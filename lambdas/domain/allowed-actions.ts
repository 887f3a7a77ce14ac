/** What AWS calls the access an action gives, from the most to the least that can be done with it. */
export const ACCESS_LEVELS = ['Permissions management', 'Unknown', 'Write', 'Tagging', 'Read', 'List'] as const
export type AccessLevel = (typeof ACCESS_LEVELS)[number]

/** Why somebody should look twice, what weighs most first. */
export const SENSITIVE_REASONS = [
  'escalation',
  'permissions',
  'secrets',
  'outlives',
  'deletion',
  'other-account',
] as const
export type SensitiveReason = (typeof SENSITIVE_REASONS)[number]

/**
 * What one statement allows in one service, worked out at synth from AWS's own reference of its actions, which is too large for a
 * function. It says nothing that the statements do not say; the hash of the access file leaves it out.
 */
export interface AllowedActions {
  /** Index of the statement. */
  readonly statement: number
  /** As people know it, `Amazon S3`; the prefix of its actions where the reference has no name; a number of services where they are many. */
  readonly service: string
  /** All actions of the service, those AWS adds later too. */
  readonly isEverything: boolean
  readonly levels: readonly AllowedLevel[]
  readonly sensitive: readonly SensitiveActions[]
}

/** How many actions, and the names of some. `GetObject`, or `s3:GetObject` where the service is not said elsewhere. */
export interface SomeActions {
  readonly count: number
  readonly examples: readonly string[]
}

export interface AllowedLevel extends SomeActions {
  readonly level: AccessLevel
  /** Some are named by a pattern, so what AWS adds under it later is allowed too. */
  readonly isByWildcard: boolean
}

export interface SensitiveActions extends SomeActions {
  readonly reason: SensitiveReason
  /** What the actions do, a clause: `shows a secret …`. */
  readonly why: string
}
