import { z } from 'zod'

/** What a leaf of a pattern may be here. Others are refused, so that no pattern passes by what this cannot judge. */
const $rule = z.union([z.string(), z.strictObject({ prefix: z.string() })])
const $object = z.record(z.string(), z.unknown())
const $criteria = z.object({ Filters: z.array(z.object({ Pattern: z.string() })).min(1) })

/** Whether an event source with these criteria shows a record: https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html */
export function isShown(criteria: unknown, record: unknown): boolean {
  return $criteria.parse(criteria).Filters.some(({ Pattern }) => fits(JSON.parse(Pattern), record))
}

function fits(pattern: unknown, value: unknown): boolean {
  if (Array.isArray(pattern)) return pattern.some(rule => isOne($rule.parse(rule), value))
  const { data } = $object.safeParse(value)
  return Object.entries($object.parse(pattern)).every(([key, below]) => fits(below, data?.[key]))
}

function isOne(rule: z.output<typeof $rule>, value: unknown): boolean {
  if (typeof rule === 'string') return value === rule
  return typeof value === 'string' && value.startsWith(rule.prefix)
}
