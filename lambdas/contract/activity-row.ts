import * as z from 'zod/mini'
import { type Activity, activityJson } from '../domain/activity/activity.ts'
import { activityKey } from './keys.ts'
import { $StoredInstant, read } from './rows.ts'

const $Activity = z.object({
  requestId: z.string(),
  state: z.enum(['provisional', 'final']),
  readAt: $StoredInstant,
  coverage: z.object({
    events: z.enum(['management', 'trail']),
    regions: z.array(z.string()),
    from: $StoredInstant,
    until: $StoredInstant,
    pages: z.number(),
    files: z.optional(z.number()),
    isCut: z.boolean(),
    unreadable: z.number(),
  }),
  grantUse: z.enum(['used', 'not-seen', 'unknown']),
  granted: z.array(z.object({ pattern: z.string(), isSeen: z.boolean() })),
  actions: z.array(
    z.object({
      action: z.string(),
      calls: z.number(),
      isReadOnly: z.boolean(),
      isGranted: z.boolean(),
      errors: z.record(z.string(), z.number()),
      first: $StoredInstant,
      last: $StoredInstant,
    }),
  ),
  resources: z.array(z.string()),
  violations: z.array(
    z.object({
      eventId: z.string(),
      action: z.string(),
      at: $StoredInstant,
      when: z.enum(['before-start', 'after-end']),
      resources: z.array(z.string()),
    }),
  ),
  leftOut: z.object({
    actions: z.number(),
    resources: z.number(),
    violations: z.number(),
    granted: z.optional(z.number()),
  }),
})

/** What was done with a grant, as its row. */
export function activityRow(activity: Activity) {
  return { ...activityKey(activity.requestId), kind: 'activity', ...activityJson(activity) }
}

/** @throws StoredShapeError when the row is not what `activityRow` writes. */
export function readActivity(row: unknown): Activity {
  return read($Activity, row)
}
