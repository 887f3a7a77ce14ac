import * as z from 'zod'
import { $Instant } from './formats.ts'

const $Count = z.int().min(0)

/** What was done with a grant, once it is over. */
export const $Activity = z
  .strictObject({
    requestId: z.string(),
    state: z.enum(['provisional', 'final']).meta({ description: 'final: never changes, and the ledger has its hash' }),
    readAt: $Instant,
    coverage: z.strictObject({
      events: z.enum(['management', 'trail']).meta({
        description:
          'management: data events, such as reading an object, are not looked at; trail: those the trail records are',
      }),
      regions: z.array(z.string()),
      from: $Instant,
      until: $Instant,
      pages: $Count,
      files: z.optional($Count),
      isCut: z.boolean().meta({ description: 'the oldest calls are missing' }),
      unreadable: $Count,
    }),
    grantUse: z
      .enum(['used', 'not-seen', 'unknown'])
      .meta({ description: 'not-seen is not unused; unknown: nobody can say any more what it allowed' }),
    granted: z.array(z.strictObject({ pattern: z.string(), isSeen: z.boolean() })),
    actions: z.array(
      z.strictObject({
        action: z.string(),
        calls: z.int().min(1),
        isReadOnly: z.boolean(),
        isGranted: z.boolean().meta({ description: 'whether the grant allows it' }),
        errors: z.record(z.string(), z.int().min(1)),
        first: $Instant,
        last: $Instant,
      }),
    ),
    resources: z.array(z.string()),
    violations: z
      .array(
        z.strictObject({
          eventId: z.string().meta({ description: 'of the event in CloudTrail' }),
          action: z.string(),
          at: $Instant,
          when: z.enum(['before-start', 'after-end']),
          resources: z.array(z.string()),
        }),
      )
      .meta({ description: 'actions of the grant that succeeded outside its window' }),
    leftOut: z
      .strictObject({ actions: $Count, resources: $Count, violations: $Count, granted: $Count.optional() })
      .meta({ description: 'how many more there were' }),
  })
  .meta({ description: 'what was done with the grant, from 20 minutes after its end on' })
