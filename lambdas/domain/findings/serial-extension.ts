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
  { request, record },
  { extensions, withinSeconds },
) => {
  for (const last of fromHereOn(record.asks, request.id)) {
    const chain = chainOf(lately(record.asks, last.at, withinSeconds), last.requestId)
    const isOfIt = chain.some(({ requestId }) => requestId === request.id)
    if (isOfIt && chain.length >= extensions)
      return `prolonged ${request.entitlement} ${chain.length} times within ${inWords(withinSeconds)}`
  }
  return undefined
}

/** The ask, then those that prolong it and were noted before it. */
function fromHereOn(asks: readonly KnownAsk[], requestId: string): readonly KnownAsk[] {
  const line = asks.filter(each => each.requestId === requestId)
  for (const ask of line) {
    line.push(
      ...asks.filter(each => each.extends === ask.requestId && each.outcome !== 'refused' && !line.includes(each)),
    )
  }
  return line
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
