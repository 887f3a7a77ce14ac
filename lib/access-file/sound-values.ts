import type * as z from 'zod'

/** A list whose broken items are undefined, so that the others keep their positions. */
export type SoundList<Item> = readonly (Item | undefined)[]

/** What the schema makes of the value; undefined when it is broken or missing. */
export function sound<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> | undefined {
  const result = schema.safeParse(value)
  return result.success ? result.data : undefined
}

/** The list with its items read; empty where there is none. */
export function listOf<Schema extends z.ZodType>(schema: Schema, value: unknown): SoundList<z.output<Schema>> {
  return Array.isArray(value) ? value.map(item => sound(schema, item)) : []
}

/** The map with each of its values read. */
export function each<Part>(
  map: Readonly<Record<string, unknown>>,
  read: (value: unknown) => Part,
): Record<string, Part> {
  return Object.fromEntries(Object.entries(map).map(([name, value]) => [name, read(value)]))
}

/** The map, or an empty one where there is none. */
export function mapOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
}
