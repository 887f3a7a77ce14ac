import type { ArchiveLine } from '../archive/line.ts'
import { partAt } from '../archive/places.ts'
import type { Chains } from './chains.ts'
import type { Finding } from './finding.ts'

interface Closed {
  readonly line: ArchiveLine
  readonly file: string
}

/** The requests as they were when they were over: of each the line with the last event, and whether all lines of it say the same. */
export class ClosedRequests {
  readonly #last = new Map<string, Closed>()

  add(line: ArchiveLine, file: string): readonly Finding[] {
    const { requestId, sequence, text } = line
    const before = this.#last.get(requestId)
    if (!before || before.line.sequence < sequence) this.#last.set(requestId, { line, file })
    if (before?.line.sequence !== sequence || isSameRequest(before.line.text, text)) return []
    return [{ file, requestId, sequence, what: 'the request was changed without an event' }]
  }

  /**
   * A chain cut off at its end is whole in itself; the request that was over says how far it went. One sealed last may have ended after
   * midnight, with events that are sealed the next night.
   */
  finish(chains: Pick<Chains, 'headOf'>, lastDay: string | undefined): readonly Finding[] {
    return [...this.#last].flatMap(
      ([
        requestId,
        {
          file,
          line: { sequence, hash },
        },
      ]): Finding[] => {
        if (partAt(file)?.sealed === lastDay) return []
        const head = chains.headOf(requestId)
        if (!head || head.sequence < sequence) {
          return [
            { file, requestId, sequence: (head?.sequence ?? 0) + 1, what: 'the event is missing; the request had it' },
          ]
        }
        if (head.sequence > sequence || head.hash === hash) return []
        return [{ file, requestId, sequence, what: 'the request ended with another event' }]
      },
    )
  }
}

/** While a version is deployed, the one before may leave out a member it does not know yet; what both say has to be the same. */
function isSameRequest(one: string, other: string): boolean {
  const [a, b]: readonly unknown[] = [JSON.parse(one), JSON.parse(other)]
  return isWithin(a, b) || isWithin(b, a)
}

function isWithin(one: unknown, other: unknown): boolean {
  if (typeof one !== 'object' || one === null || typeof other !== 'object' || other === null) return one === other
  const members = new Map<string, unknown>(Object.entries(other))
  if (Array.isArray(one) && one.length !== members.size) return false
  return Object.entries(one).every(([name, member]) => members.has(name) && isWithin(member, members.get(name)))
}
