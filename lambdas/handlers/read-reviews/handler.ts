import { MANIFEST, type ReportStore } from '../../application/ports/report-store.ts'
import type { ReviewStore } from '../../application/ports/review-store.ts'
import { $PeriodName, $VersionQuery } from '../../contract/review.ts'
import { manifestView, reviewView } from '../../contract/review-view.ts'
import type { Manifest, PackFile } from '../../domain/review/manifest.ts'
import type { ReviewRecord } from '../../domain/review/review-record.ts'
import { type ApiAnswer, type ApiEvent, json } from '../../runtime/api.ts'
import { ProblemError } from '../../runtime/problem.ts'
import { type ProvenCallerDeps, provenAuditorOf } from '../../runtime/proven-caller.ts'

export interface ReadReviewsDeps extends ProvenCallerDeps {
  readonly reviews: Pick<ReviewStore, 'find' | 'list'>
  readonly reports: Pick<ReportStore, 'manifest' | 'link'>
}

/** How long a download link works. A fresh one is made for every call. */
export const LINK_SECONDS = 300

/**
 * `GET /reviews`, `GET /reviews/{period}` and `GET /reviews/{period}/files/{name}`. The last two answer for the newest finished
 * version; `?version=` chooses an older one.
 */
export function createHandler(deps: ReadReviewsDeps) {
  return async (event: ApiEvent): Promise<ApiAnswer> => {
    await provenAuditorOf(event, deps, 'read reviews')
    const { reviews } = deps
    const { period, name } = event.pathParameters ?? {}
    if (period === undefined) return json(200, { reviews: (await reviews.list()).map(reviewView) })
    const review = $PeriodName.safeParse(period).success ? await reviews.find(period) : undefined
    if (!review)
      throw notFound('unknown-review', `There is no review of ${period}.`, 'a period of GET /reviews, or POST /reviews')
    const manifest = await manifestOf(deps, event, review)
    if (name === undefined) return json(200, { ...reviewView(review), manifest: manifest && manifestView(manifest) })
    return redirect(deps, manifest, review, name)
  }
}

async function manifestOf(
  { reports }: ReadReviewsDeps,
  event: ApiEvent,
  { period, pack }: ReviewRecord,
): Promise<Manifest | undefined> {
  const asked = event.queryStringParameters?.version
  if (asked === undefined) return pack && reports.manifest({ period, version: pack.version })
  const version = $VersionQuery.safeParse(asked)
  const manifest = version.success ? await reports.manifest({ period, version: version.data }) : undefined
  if (!manifest)
    throw notFound(
      'unknown-version',
      `There is no finished version ${asked} of ${period}.`,
      'the route without version',
    )
  return manifest
}

async function redirect(
  { reports }: ReadReviewsDeps,
  manifest: Manifest | undefined,
  review: ReviewRecord,
  name: string,
) {
  if (!manifest) {
    const detail = `The review of ${review.period} has no finished version; the newest production is ${review.status}.`
    throw notFound('review-not-ready', detail, 'the same call when GET /reviews/{period} says READY')
  }
  const files: readonly Pick<PackFile, 'name' | 'contentType'>[] = [
    ...manifest.files,
    { name: MANIFEST, contentType: 'application/json' },
  ]
  const file = files.find(each => each.name === name)
  if (!file)
    throw notFound(
      'unknown-file',
      `The review of ${review.period} has no file ${name}.`,
      files.map(each => each.name).join(', '),
    )
  const location = await reports.link(manifest, file, LINK_SECONDS)
  return {
    statusCode: 302,
    headers: { location, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' },
    body: '',
  }
}

function notFound(code: string, detail: string, wouldPass: string): ProblemError {
  return new ProblemError({ status: 404, code, detail, wouldPass })
}
