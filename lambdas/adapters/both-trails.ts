import type { Calls, Trail } from '../application/ports/books.ts'
import type { Span } from '../domain/activity/books.ts'
import type { Principal } from '../domain/request.ts'

/** CloudTrail's event history and the files of a trail as one: each call once, whichever of them has it. */
export class BothTrails implements Trail {
  readonly #history: Trail
  readonly #files: Trail

  constructor(history: Trail, files: Trail) {
    this.#history = history
    this.#files = files
  }

  async callsOf(principal: Principal, span: Span, mostPages: number): Promise<Calls> {
    const history = await this.#history.callsOf(principal, span, mostPages)
    const files = await this.#files.callsOf(principal, span, mostPages)
    // The history's comes last and stays: it names resources beside the event, the file's has none but those in it.
    const calls = new Map([...files.calls, ...history.calls].map(call => [call.eventId, call]))
    return {
      calls: [...calls.values()],
      regions: [...new Set([...history.regions, ...files.regions])].sort(),
      pages: history.pages + files.pages,
      files: files.files,
      isCut: history.isCut || files.isCut,
      unreadable: history.unreadable + files.unreadable,
    }
  }
}
