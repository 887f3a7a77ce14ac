import type { AccessFile } from '../domain/access-file.ts'
import { type Activity, activityOf } from '../domain/activity/activity.ts'
import {
  baselineSpan,
  isForgotten,
  lookDue,
  lookSpan,
  type Owing,
  owing,
  type Span,
  windowOf,
} from '../domain/activity/books.ts'
import type { Call } from '../domain/activity/call.ts'
import { closeBooks } from '../domain/activity/close-books.ts'
import { grantedStatements } from '../domain/activity/granted.ts'
import { callsOutside, type OtherGrant, type Violation, violationsAmong } from '../domain/activity/violations.ts'
import { isOver, plusSeconds, wholeSeconds } from '../domain/instant.ts'
import type { Statement } from '../domain/parameters.ts'
import type { Request } from '../domain/request.ts'
import type { Books, Trail } from './ports/books.ts'
import type { Clock } from './ports/chance.ts'
import type { Metrics } from './ports/metrics.ts'
import type { RequestStore } from './ports/request-store.ts'
import { advance } from './record.ts'

export interface CloseBooksDeps {
  readonly access: AccessFile
  readonly store: Pick<RequestStore, 'find' | 'commit' | 'list'>
  readonly books: Books
  readonly trail: Trail
  readonly metrics: Metrics
  readonly clock: Clock
}

/** One look, or one that failed. */
export type Look =
  | { readonly what: 'provisional' | 'final'; readonly of: string; readonly violations: number }
  | { readonly what: 'failed'; readonly of: string; readonly error: unknown }

/** Of fifty events, at two a second. Who does more than two thousand things around a grant gets a result that says it is cut. */
const MOST_PAGES = 40
/** No look begins later than this: one that asks for all pages of two regions twice takes more than two minutes, and the function four. */
const LONGEST_RUN_SECONDS = 90

/**
 * What was done with the grants that are over, asked of CloudTrail twice: soon, for whoever waits, and once more when nearly nothing
 * can be missing. The second look is kept for ever, and the ledger has its hash.
 *
 *   look → count what is outside the window → keep the row → (final) write the event, which closes the books
 *
 * A run that breaks off is taken up by the next: what is final is kept once, and the event names what is kept. What fails is counted
 * and tried again; it keeps nothing else from being looked at.
 */
export async function closeTheBooks(deps: CloseBooksDeps): Promise<readonly Look[]> {
  const looks: Look[] = []
  const lastBegin = plusSeconds(deps.clock.now(), LONGEST_RUN_SECONDS)
  for await (const requestId of deps.books.open()) {
    if (isOver(lastBegin, deps.clock.now())) break
    const look = await lookAt(deps, requestId).catch((error: unknown) => failed(requestId, error))
    if (look) looks.push(look)
  }
  const count = (what: Look['what']) => looks.filter(look => look.what === what).length
  await deps.metrics.count({ BooksClosed: count('final'), BooksFailed: count('failed') })
  return looks
}

function failed(of: string, error: unknown): Look {
  return { what: 'failed', of, error }
}

async function lookAt(deps: CloseBooksDeps, requestId: string): Promise<Look | undefined> {
  const request = await deps.store.find(requestId)
  const owed = request && owing(request)
  if (!owed) return undefined
  const kept = await deps.books.find(requestId)
  const due = lookDue(owed, kept?.state, deps.clock.now())
  if (!due) return undefined
  const activity = kept?.state === 'final' ? kept : await readAndKeep(deps, request, owed, due, kept)
  if (activity.state === 'final') await close(deps, activity)
  return { what: activity.state, of: requestId, violations: violationsIn(activity) }
}

/** Counted before it is kept: what is told twice is better than what is never told. */
async function readAndKeep(
  deps: CloseBooksDeps,
  request: Request,
  owed: Owing,
  state: Activity['state'],
  before: Activity | undefined,
): Promise<Activity> {
  const activity = await activityNow(deps, request, owed, state)
  const more = violationsIn(activity) - (before ? violationsIn(before) : 0)
  if (more > 0) await deps.metrics.count({ ViolationsFound: more })
  return deps.books.keep(activity)
}

async function close({ store, clock }: CloseBooksDeps, activity: Activity): Promise<void> {
  await advance(store, activity.requestId, request =>
    owing(request) ? closeBooks(request, activity, wholeSeconds(clock.now())) : { stop: 'closed' },
  )
}

async function activityNow(
  deps: CloseBooksDeps,
  request: Request,
  owed: Owing,
  state: Activity['state'],
): Promise<Activity> {
  const readAt = wholeSeconds(deps.clock.now())
  const span = lookSpan(owed, readAt)
  const window = windowOf(owed)
  const { calls, regions, pages, files, isCut, unreadable } = await deps.trail.callsOf(
    request.principal,
    span,
    MOST_PAGES,
  )
  const statements = grantedStatements(deps.access, request)
  const isJudged = owed.receipt.policy !== 'HeldByOthers'
  const violations =
    statements && isJudged ? await violationsOf(deps, request, { calls, statements, window, span }) : []
  return activityOf(
    {
      requestId: request.id,
      state,
      readAt,
      coverage: {
        events: files === undefined ? 'management' : 'trail',
        ...(files !== undefined && { files }),
        regions,
        ...span,
        pages,
        isCut: isCut || isForgotten(span, readAt),
        unreadable,
      },
    },
    { calls, window, statements, violations },
  )
}

/** The day before is asked for only when there is something to explain. */
async function violationsOf(
  deps: CloseBooksDeps,
  request: Request,
  seen: {
    readonly calls: readonly Call[]
    readonly statements: readonly Statement[]
    readonly window: Span
    readonly span: Span
  },
): Promise<readonly Violation[]> {
  const { calls, statements, window, span } = seen
  if (callsOutside(calls, window, statements, []).length === 0) return []
  const others = await otherGrants(deps, request)
  const outside = callsOutside(calls, window, statements, others)
  if (outside.length === 0) return []
  const baseline = await deps.trail.callsOf(request.principal, baselineSpan(span), MOST_PAGES)
  return violationsAmong(outside, window, baseline.calls, others)
}

/** Of the last hundred requests of the same person. One that is still in force has no end yet but the planned one. */
async function otherGrants({ access, store }: CloseBooksDeps, request: Request): Promise<readonly OtherGrant[]> {
  const { requests } = await store.list({ requester: request.requester, limit: 100 })
  return requests.flatMap(other => {
    const { id, grant, ending, asIs } = other
    if (!grant || id === request.id) return []
    const until = ending ? windowOf({ grant, receipt: ending.receipt, asIs }).until : grant.notAfter
    return [{ from: grant.notBefore, until, statements: grantedStatements(access, other) }]
  })
}

function violationsIn({ violations, leftOut }: Activity): number {
  return violations.length + leftOut.violations
}
