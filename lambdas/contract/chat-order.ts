import * as z from 'zod/mini'
import { $BusEvent, CHAT_EVENTS } from './bus-event.ts'

const $News = z.extend($BusEvent, { type: z.enum(CHAT_EVENTS) })

/** What a rule of the bus hands to the function that tells a chat: which one, and the event. */
export const $ChatOrder = z.strictObject({ webhook: z.string(), event: $News })
export type ChatOrder = z.output<typeof $ChatOrder>
