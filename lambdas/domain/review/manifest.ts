import type { Period } from '../period.ts'
import type { Status } from '../request.ts'
import type { ReviewContext } from './lens.ts'
import type { Review } from './review.ts'

/** One production of the review of one period. Producing it again gives the next version; none is ever written over. */
export interface Edition {
  readonly period: string
  /** 1, 2, 3 … */
  readonly version: number
}

/** A file of the pack as it was written. */
export interface PackFile {
  readonly name: string
  readonly contentType: string
  readonly bytes: number
  /** 64 hex digits. */
  readonly sha256: string
  /** Data rows of a CSV, its heading not counted. */
  readonly rows?: number | undefined
}

/** Figures that must be the same in the ledger, in the archive and in the pack: how a reader knows that nothing is missing. */
export interface Counts {
  readonly requests: number
  readonly byStatus: Readonly<Partial<Record<Status, number>>>
  readonly events: number
  readonly grants: number
}

/** What the pack holds, and what it was made from and by. Also kept in the locked archive, where nobody can change it. */
export interface Manifest extends Edition {
  readonly from: Date
  readonly to: Date
  readonly producedAt: Date
  /** Hash of the access file in force when the pack was made. */
  readonly accessHash: string
  readonly lapseVersion: string
  readonly files: readonly PackFile[]
  readonly counts: Counts
  readonly chain: 'intact' | 'broken'
  readonly lingering: number
}

/** The figures of a finished review. */
export function countsOf({ volume, chain, timeLimits }: Review): Counts {
  const byStatus = Object.fromEntries(volume.byStatus.map(({ status, count }) => [status, count]))
  return { requests: volume.requests.total, byStatus, events: chain.events, grants: timeLimits.grants }
}

/** The sentence an auditor can quote. */
export function summaryOf(
  review: Review,
  organisation: string,
  { period, now }: Pick<ReviewContext, 'period' | 'now'>,
): string {
  const { volume, timeLimits, chain } = review
  const { requests } = volume
  const when = period.to > now ? `${period.name} so far` : period.name
  const removal =
    timeLimits.lingering.length === 0
      ? `Of the ${many(timeLimits.grants, 'grant')}, ${timeLimits.proven} ended with a proof of removal and none outlived its planned end without one`
      : `${many(timeLimits.lingering.length, 'grant')} of ${timeLimits.grants} passed the planned end without a proof of removal`
  const ledger =
    chain.verdict === 'intact'
      ? `the ledger of ${many(chain.events, 'event')} is unbroken`
      : `the ledger is broken for ${many(chain.broken.length, 'request')}`
  return (
    `In ${when}, ${many(requests.total, 'request')} for elevated access ${requests.total === 1 ? 'was' : 'were'} made at ${organisation}: ` +
    `${requests.granted} granted, ${requests.denied} denied, ${requests.refused} refused by rule, ${requests.unanswered} left unanswered, ` +
    `${requests.other} open, cancelled or failed. ${removal}; ${ledger}.`
  )
}

/** The period of a manifest. */
export function periodOf({ period, from, to }: Pick<Manifest, 'period' | 'from' | 'to'>): Period {
  return { name: period, from, to }
}

function many(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
