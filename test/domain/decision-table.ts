import { readdirSync, readFileSync } from 'node:fs'
import { z } from 'zod'
import { type AccessFile, type Person, personOfPrincipal } from '../../lambdas/domain/access-file.ts'
import { secondsOfShortDuration } from '../../lambdas/domain/duration.ts'
import { personOfSession } from '../../lambdas/domain/role-session.ts'
import { anAccessFile, anEntitlement, aPerson, CAST } from '../support/an-access-file.ts'

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
    .array(
      z.strictObject({
        name: z.string(),
        approvers: z.array(z.string()),
        quorum: z.number().default(1),
        escalateTo: z.array(z.string()).optional(),
      }),
    )
    .default([{ name: 'owner', approvers: ['bob'], quorum: 1 }]),
})

const $Allowed = z.strictObject({
  outcome: z.literal('allowed'),
  rule: z.string().optional(),
  duration: $Seconds.optional(),
  limit: $Seconds.optional(),
  approvers: z.array(z.array(z.string())).optional(),
  escalateTo: z.array(z.array(z.string())).optional(),
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

/** `user/people/alice`, or the session `alice` of a role: `role/people/shift:alice`. */
const $Principal = z.string().regex(/^(?:user|role)\//)

const $Table = z.strictObject({
  about: z.string(),
  /** Principals of people of the cast; who is not named has the user of their name. */
  principals: z.partialRecord(z.enum(CAST), z.array($Principal)).default({}),
  delegations: z
    .array(z.strictObject({ of: z.string(), to: z.string(), from: z.iso.datetime(), until: z.iso.datetime() }))
    .default([]),
  shortestGrant: $Seconds.default(300),
  groups: z.record(z.string(), z.array(z.string())).default({}),
  entitlements: z.record(z.string(), $Entitlement),
  cases: z.array(
    z.strictObject({
      fact: z.string().regex(/^[A-Z]{3}-\d{2} /, 'a fact begins with the id of a capability'),
      /** A person's id, or a principal of theirs. */
      who: z.string(),
      at: z.iso.datetime().optional(),
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
export function accessOf({ groups, shortestGrant, principals, delegations, entitlements }: Table): AccessFile {
  return anAccessFile({
    people: CAST.map(id => aPerson({ id, ...toPrincipals(principals[id] ?? [`user/people/${id}`]) })),
    delegations: delegations.map(delegation => ({ ...delegation, because: 'away' })),
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

/** Whom an ask of the table is of: the person named, or the one the principal belongs to. */
export function askerOf(access: AccessFile, who: string): string {
  if (!who.includes('/')) return who
  const [path = '', session] = who.split(':')
  const person =
    session === undefined
      ? personOfPrincipal(access, `arn:aws:iam::111122223333:${path}`)
      : personOfSession(access, path.slice(path.lastIndexOf('/') + 1), session)?.person
  if (!person) throw new Error(`${who} is nobody's principal`)
  return person.id
}

function toPrincipals(texts: readonly string[]): Pick<Person, 'principals' | 'sessions'> {
  const sessions = texts.flatMap(text => {
    const [role = '', session] = text.split(':')
    return session === undefined ? [] : [{ role, session }]
  })
  return { principals: texts.filter(text => !text.includes(':')), ...(sessions.length > 0 && { sessions }) }
}
