import { type Link, type LinkStore, MOST_TRIES } from '../../lambdas/application/ports/link-store.ts'
import { wholeSeconds } from '../../lambdas/domain/instant.ts'
import { Faults } from './faults.ts'

export class InMemoryLinkStore implements LinkStore {
  readonly rows = new Map<string, Link>()
  readonly #faults: Faults

  constructor(faults = new Faults()) {
    this.#faults = faults
  }

  put(links: readonly Link[]): Promise<void> {
    return this.#faults.around('links.put', () => {
      for (const link of links) {
        this.rows.set(link.tokenHash, { ...link, expiresAt: wholeSeconds(link.expiresAt) })
      }
    })
  }

  find(tokenHash: string): Promise<Link | undefined> {
    return this.#faults.around('links.find', () => this.rows.get(tokenHash))
  }

  takeTry(tokenHash: string) {
    return this.#faults.around('links.takeTry', () => {
      const link = this.rows.get(tokenHash)
      if (link?.state !== 'open' || link.tries >= MOST_TRIES) return { outcome: 'none-left' } as const
      const tries = link.tries + 1
      this.rows.set(tokenHash, { ...link, tries })
      return { outcome: 'taken', tries } as const
    })
  }

  /** Called by the request store within its transaction; false when the link cannot be used. */
  use(tokenHash: string): boolean {
    const link = this.rows.get(tokenHash)
    if (link?.state !== 'open') return false
    this.rows.set(tokenHash, { ...link, state: 'used' })
    return true
  }

  isOpen(tokenHash: string): boolean {
    return this.rows.get(tokenHash)?.state === 'open'
  }
}
