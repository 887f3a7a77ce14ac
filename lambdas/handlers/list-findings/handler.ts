import type { FindingQuery, FindingStore } from '../../application/ports/finding-store.ts'
import { InvalidCursorError } from '../../application/ports/request-store.ts'
import { $FindingQuery } from '../../contract/finding-query.ts'
import { findingView } from '../../contract/finding-view.ts'
import { type ApiAnswer, type ApiEvent, json } from '../../runtime/api.ts'
import { findingIdOf, noSuchFinding, refuseOthers } from '../../runtime/finding-id.ts'
import { ProblemError } from '../../runtime/problem.ts'
import { type ProvenCallerDeps, provenCallerOf } from '../../runtime/proven-caller.ts'
import { queryOf } from '../../runtime/query.ts'

export interface ListFindingsDeps extends ProvenCallerDeps {
  readonly findings: Pick<FindingStore, 'find' | 'list'>
}

/** `GET /findings`, newest first, and `GET /findings/{id}`. For administrators and auditors. */
export function createHandler(deps: ListFindingsDeps) {
  const { access, findings } = deps
  return async (event: ApiEvent): Promise<ApiAnswer> => {
    refuseOthers(access, await provenCallerOf(event, deps))
    if (event.pathParameters?.id !== undefined) {
      const finding = await findings.find(findingIdOf(event))
      if (!finding) throw noSuchFinding()
      return json(200, findingView(access, finding))
    }
    const { findings: found, next } = await pageOf(findings, queryOf(event, $FindingQuery))
    return json(200, { findings: found.map(finding => findingView(access, finding)), next })
  }
}

async function pageOf(findings: ListFindingsDeps['findings'], query: FindingQuery) {
  try {
    return await findings.list(query)
  } catch (cause) {
    if (!(cause instanceof InvalidCursorError)) throw cause
    const detail = 'There is no finding of the id in after.'
    const wouldPass = 'next of the page before'
    throw new ProblemError({ status: 400, code: 'invalid-cursor', detail, wouldPass }, { cause })
  }
}
