import type { ReviewStarter, ReviewStore } from '../../lambdas/application/ports/review-store.ts'
import type { Edition } from '../../lambdas/domain/review/manifest.ts'
import type { Pack, ReviewRecord } from '../../lambdas/domain/review/review-record.ts'

export class InMemoryReviewStore implements ReviewStore {
  readonly #reviews = new Map<string, ReviewRecord>()

  async open({ period, requestedBy, requestedAt }: Parameters<ReviewStore['open']>[0]): Promise<ReviewRecord> {
    const before = this.#reviews.get(period)
    const version = (before?.version ?? 0) + 1
    const review: ReviewRecord = { period, version, status: 'PRODUCING', requestedBy, requestedAt, pack: before?.pack }
    this.#reviews.set(period, review)
    return review
  }

  async ready(period: string, pack: Pack): Promise<void> {
    const review = this.#reviews.get(period)
    if (!review) return
    const { failure: _, ...rest } = review
    if (review.version === pack.version) this.#reviews.set(period, { ...rest, status: 'READY', pack })
    else if (review.version > pack.version && (review.pack?.version ?? 0) < pack.version)
      this.#reviews.set(period, { ...review, pack })
  }

  async failed({ period, version }: Edition, why: string): Promise<void> {
    const review = this.#reviews.get(period)
    if (review?.version !== version || review.status !== 'PRODUCING') return
    this.#reviews.set(period, { ...review, status: 'FAILED', failure: why.slice(0, 500) })
  }

  async find(period: string): Promise<ReviewRecord | undefined> {
    return this.#reviews.get(period)
  }

  async list(): Promise<readonly ReviewRecord[]> {
    return [...this.#reviews.values()].sort((a, b) => (a.period < b.period ? 1 : -1))
  }
}

/** Remembers what was started; `isBroken` makes it refuse. */
export class InMemoryReviewStarter implements ReviewStarter {
  readonly started: Edition[] = []
  isBroken = false

  async start({ period, version }: Edition): Promise<void> {
    if (this.isBroken) throw new Error('the function cannot be invoked')
    this.started.push({ period, version })
  }
}
