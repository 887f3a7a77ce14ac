import { readdirSync, readFileSync } from 'node:fs'
import { z } from 'zod'
import type { AccessFile } from '../../lambdas/domain/access-file.ts'
import { secondsOfShortDuration } from '../../lambdas/domain/duration.ts'
import { anAccessFile, anEntitlement } from '../support/an-access-file.ts'

/** The instant at which every case is judged. */
export const NOW = new Date('2027-03-01T10:00:00Z')

const FOLDER = new URL('./decision-cases/', import.meta.url)

const $Seconds = z.string().transform((text, context) => {
  const seconds = secondsOfShortDuration(text)
  if (seconds !== undefined) return seconds
  context.addIssue(`${text} is no duration, for example 1h30m`)
  return z.NEVER
})

const $Rule = z.strictObject({
  name: z.string(),
  effect: z.enum(['allow', 'deny']),
  members: z.array(z.string()),
  maximum: $Seconds.optional(),
})

const $Entitlement = z.strictObject({
  default: $Seconds.default(1800),
  maximum: $Seconds.default(7200),
  parameters: z.record(z.string(), z.string()).default({}),
  resources: z.array(z.string()).default(['arn:aws:s3:::prod-logs/*']),
  rules: z.array($Rule),
  stages: z
    .array(z.strictObject({ name: z.string(), approvers: z.array(z.string()), quorum: z.number().default(1) }))
    .default([{ name: 'owner', approvers: ['bob'], quorum: 1 }]),
})

const $Allowed = z.strictObject({
  outcome: z.literal('allowed'),
  rule: z.string().optional(),
  duration: $Seconds.optional(),
  limit: $Seconds.optional(),
  approvers: z.array(z.array(z.string())).optional(),
  resources: z.array(z.string()).optional(),
})

const $Refused = z.strictObject({
  outcome: z.literal('refused'),
  code: z.enum([
    'unknown-entitlement',
    'not-eligible',
    'duration-too-long',
    'duration-too-short',
    'start-too-far',
    'parameter-refused',
    'no-approver',
  ]),
  rule: z.string().optional(),
  because: z.string().optional(),
  wouldPass: z.string().optional(),
})

const $Table = z.strictObject({
  about: z.string(),
  shortestGrant: $Seconds.default(300),
  groups: z.record(z.string(), z.array(z.string())).default({}),
  entitlements: z.record(z.string(), $Entitlement),
  cases: z.array(
    z.strictObject({
      fact: z.string().regex(/^[A-Z]{3}-\d{2} /, 'a fact begins with the id of a capability'),
      who: z.string(),
      asksFor: z.string(),
      for: $Seconds.optional(),
      from: z.iso.datetime().optional(),
      with: z.record(z.string(), z.string()).default({}),
      expect: z.discriminatedUnion('outcome', [$Allowed, $Refused]),
    }),
  ),
})

export type Table = z.infer<typeof $Table>

/** Reads a table; a key that is not known is an error, so a case with a typing error cannot pass by saying nothing. */
export function parseTable(json: unknown): Table {
  return $Table.parse(json)
}

/** Every table of the folder, by file name. */
export function tables(): readonly { readonly file: string; readonly table: Table }[] {
  return readdirSync(FOLDER)
    .filter(file => file.endsWith('.json'))
    .sort()
    .map(file => ({ file, table: parseTable(JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8'))) }))
}

/** The access file a table describes. */
export function accessOf({ groups, shortestGrant, entitlements }: Table): AccessFile {
  return anAccessFile({
    groups,
    limits: { shortestGrantSeconds: shortestGrant },
    entitlements: Object.entries(entitlements).map(([id, described]) =>
      anEntitlement({
        id,
        duration: { defaultSeconds: described.default, maximumSeconds: described.maximum },
        parameters: Object.fromEntries(
          Object.entries(described.parameters).map(([name, pattern]) => [
            name,
            { pattern, description: `the ${name}`, example: 'example' },
          ]),
        ),
        statements: [{ actions: ['s3:GetObject'], resources: described.resources }],
        rules: described.rules.map(({ maximum, ...rule }) => ({ ...rule, maximumSeconds: maximum })),
        stages: described.stages,
      }),
    ),
  })
}
