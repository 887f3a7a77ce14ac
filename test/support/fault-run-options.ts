import { z } from 'zod'
import { FATES } from './fault-life.ts'
import { FAULTS } from './fault-proxy.ts'

export const $FaultRunOptions = z.strictObject({
  lifecycles: z.int().positive(),
  seed: z.int(),
  /** Share of the requests to AWS that fail. */
  share: z.number(),
  kinds: z.tuple([z.enum(FAULTS)], z.enum(FAULTS)).optional(),
  /** Share of the drivers that die at a random call. */
  dying: z.number(),
  fates: z.tuple([z.enum(FATES)], z.enum(FATES)).optional(),
  /** Access is frozen, and the freeze lifted, once in so many of the first half of the lives. What the second half leaves is the sweep's. */
  freezeEvery: z.int().positive().optional(),
})
export type FaultRunOptions = z.infer<typeof $FaultRunOptions>
