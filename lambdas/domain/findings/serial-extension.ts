import { inWords, lately, WEEK_SECONDS } from './lately.ts'
import type { Judge } from './rule.ts'
import type { Thresholds } from './settings.ts'
import type { KnownAsk } from './track-record.ts'

export const SERIAL_EXTENSION = {
  extensions: 3,
  withinSeconds: WEEK_SECONDS,
} as const satisfies Thresholds['serial-extension']

/** One grant prolonged again and again, each time from the end of the one before. */
export const serialExtension: Judge<Thresholds['serial-extension']> = (
  { event, request, record },
  { extensions, withinSeconds },
) => {
  const asks = lately(record.asks, event.at, withinSeconds)
  const chain = chainOf(asks, request.id)
  if (chain.length < extensions) return undefined
  return `prolonged ${request.entitlement} ${chain.length} times within ${inWords(withinSeconds)}`
}

/** The extensions that lead to this request, the last first. */
function chainOf(asks: readonly KnownAsk[], requestId: string): readonly KnownAsk[] {
  const chain: KnownAsk[] = []
  for (let id: string | undefined = requestId; id !== undefined; ) {
    const ask: KnownAsk | undefined = asks.find(each => each.requestId === id && !chain.includes(each))
    if (ask?.extends !== undefined && ask.outcome !== 'refused') chain.push(ask)
    id = ask?.extends
  }
  return chain
}
