import { eventHash, GENESIS, type Head, type LedgerEvent } from '../ledger.ts'
import type { Finding } from './finding.ts'

interface Placed {
  readonly event: LedgerEvent
  readonly file: string
}

interface Chain {
  head: Head
  /** Events whose predecessor has not come by: late ones lie in later files. */
  readonly waiting: Map<number, Placed>
  /** The file of the last event that came by. */
  file: string
}

/** The chains of all requests, checked event by event in whatever order files bring them. Keeps one head a request, not its events. */
export class Chains {
  readonly #chains = new Map<string, Chain>()
  events = 0

  add(event: LedgerEvent, file: string): readonly Finding[] {
    this.events += 1
    const { requestId, sequence } = event
    const chain = this.#chains.get(requestId) ?? { head: GENESIS, waiting: new Map(), file }
    this.#chains.set(requestId, chain)
    chain.file = file
    const findings: Finding[] = []
    if (eventHash(event) !== event.hash) findings.push({ file, requestId, sequence, what: 'the event was changed' })
    if (sequence <= chain.head.sequence || chain.waiting.has(sequence)) {
      return [...findings, { file, requestId, sequence, what: 'the event is there twice, or was put in' }]
    }
    chain.waiting.set(sequence, { event, file })
    return [...findings, ...advance(chain)]
  }

  /** What is still missing once every file has come by. */
  finish(): readonly Finding[] {
    return [...this.#chains].flatMap(([requestId, { head, waiting, file }]) =>
      waiting.size === 0
        ? []
        : [{ file, requestId, sequence: head.sequence + 1, what: 'the event is missing, later ones are there' }],
    )
  }

  /** Where a request stands, if any of its events came by. */
  headOf(requestId: string): Head | undefined {
    return this.#chains.get(requestId)?.head
  }

  get requests(): number {
    return this.#chains.size
  }
}

function advance(chain: Chain): readonly Finding[] {
  const findings: Finding[] = []
  for (let next = chain.waiting.get(chain.head.sequence + 1); next; next = chain.waiting.get(chain.head.sequence + 1)) {
    const { event, file } = next
    const { requestId, sequence, previousHash, hash } = event
    if (previousHash !== chain.head.hash) {
      findings.push({ file, requestId, sequence, what: 'the event does not follow the one before it' })
    }
    chain.waiting.delete(sequence)
    chain.head = { sequence, hash }
  }
  return findings
}
