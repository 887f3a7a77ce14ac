import type * as z from 'zod'
import { $fences } from './fence-formats.ts'
import { $duration, $memberRef } from './formats.ts'
import {
  $acknowledgement,
  $approval,
  $durationRange,
  $parameters,
  $person,
  $rule,
  $statement,
  type EntitlementForm,
  type PersonForm,
} from './schema.ts'

/**
 * What is sound of a file that may be broken elsewhere. The checks between parts look at this, so that one mistake does not
 * hide another until the next run. A broken part is undefined, and still counts as declared.
 */
export interface SoundParts {
  readonly declared: { readonly people: readonly string[]; readonly groups: readonly string[] }
  readonly people: Readonly<Record<string, PersonForm | undefined>>
  readonly groups: Readonly<Record<string, SoundList<string>>>
  readonly admins: SoundList<string>
  readonly auditors: SoundList<string>
  readonly shortestGrant: string | undefined
  readonly entitlements: Readonly<Record<string, SoundEntitlement>>
}

/** A list whose broken items are undefined, so that the others keep their positions. */
export type SoundList<Item> = readonly (Item | undefined)[]

export interface SoundEntitlement {
  readonly parameters: EntitlementForm['parameters']
  readonly statements: SoundList<EntitlementForm['statements'][number]>
  /** Undefined when they are broken; no fences when there are none. */
  readonly fences: NonNullable<EntitlementForm['fences']> | undefined
  readonly acknowledged: SoundList<NonNullable<EntitlementForm['acknowledged']>[number]>
  readonly duration: EntitlementForm['duration'] | undefined
  readonly rules: SoundList<EntitlementForm['rules'][number]>
  readonly approval: EntitlementForm['approval'] | undefined
}

export function soundPartsOf(raw: unknown): SoundParts {
  const file = mapOf(raw)
  const people = mapOf(file.people)
  const groups = mapOf(file.groups)
  return {
    declared: { people: Object.keys(people), groups: Object.keys(groups) },
    people: each(people, person => sound($person, person)),
    groups: each(groups, members => listOf($memberRef, members)),
    admins: listOf($memberRef, file.admins),
    auditors: listOf($memberRef, file.auditors),
    shortestGrant: sound($duration, mapOf(file.limits).shortestGrant),
    entitlements: each(mapOf(file.entitlements), soundEntitlement),
  }
}

function soundEntitlement(raw: unknown): SoundEntitlement {
  const { parameters, statements, fences, acknowledged, duration, rules, approval } = mapOf(raw)
  return {
    parameters: parameters === undefined ? {} : sound($parameters, parameters),
    statements: listOf($statement, statements),
    fences: fences === undefined ? {} : sound($fences, fences),
    acknowledged: listOf($acknowledgement, acknowledged),
    duration: sound($durationRange, duration),
    rules: listOf($rule, rules),
    approval: sound($approval, approval),
  }
}

function sound<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> | undefined {
  const result = schema.safeParse(value)
  return result.success ? result.data : undefined
}

function listOf<Schema extends z.ZodType>(schema: Schema, value: unknown): SoundList<z.output<Schema>> {
  return Array.isArray(value) ? value.map(item => sound(schema, item)) : []
}

function each<Part>(map: Readonly<Record<string, unknown>>, read: (value: unknown) => Part): Record<string, Part> {
  return Object.fromEntries(Object.entries(map).map(([name, value]) => [name, read(value)]))
}

function mapOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
}
