import * as z from 'zod/mini'
import { STATUSES } from '../../lambdas/domain/request.ts'
import { nearestName } from '../../lib/access-file/nearest-name.ts'
import { $Requests, type RequestAnswer } from '../api/answers.ts'
import type { Api } from '../api/api.ts'
import { API_OPTIONS, apiGiven, apiOf, parsedAnswer } from '../api/api-command.ts'
import { command } from '../command.ts'
import { EXIT } from '../exit.ts'
import { $switch, $text } from '../given.ts'
import { inkFor } from '../print/ink.ts'
import { printJson } from '../print/json.ts'
import { parametersText, shortDuration } from '../print/request-text.ts'
import { table } from '../print/table.ts'
import type { Surroundings } from '../surroundings.ts'

/** `active` is ACTIVE. */
const $status = z.pipe(
  z.string(),
  z.transform((text, ctx) => {
    const known = STATUSES.find(status => status === text.toUpperCase())
    if (known) return known
    const near = nearestName(text.toUpperCase(), STATUSES)
    const message = `must be a status${near ? `; did you mean ${near}?` : `: ${STATUSES.join(', ')}`}`
    ctx.issues.push({ code: 'custom', message, input: text })
    return z.NEVER
  }),
)
const $limit = z.string().check(z.regex(/^[1-9]\d?$|^100$/, 'must be a whole number from 1 to 100'))

export const list = command({
  name: 'list',
  does: 'list your requests, newest first; everybody’s for administrators and auditors',
  examples: ['lapse list', 'lapse list --status active --json'],
  options: [
    { form: '--status <status>', does: 'only requests of this status', values: STATUSES },
    { form: '--entitlement <entitlement>', does: 'only requests for it' },
    { form: '--requester <person>', does: 'only those of one person' },
    { form: '--limit <count>', does: 'how many at most, 1 to 100 (default: 20)' },
    { form: '--all', does: 'every page, however many there are' },
    ...API_OPTIONS,
  ],
  given: z.object({
    ...apiGiven,
    status: z.optional($status),
    entitlement: $text,
    requester: $text,
    limit: z._default($limit, '20'),
    all: $switch,
  }),
  async run({ json, api, region, as, all, ...filters }, surroundings) {
    const { out } = surroundings
    const { answers, requests, hasMore } = await pagesOf(apiOf({ api, region, as }, surroundings), filters, all)
    if (json) {
      printJson(surroundings, answers)
      return EXIT.ok
    }
    out.write(listText(requests, surroundings))
    if (hasMore) surroundings.err.write('There are more; see them with --all.\n')
    return EXIT.ok
  },
})

interface Filters {
  readonly status?: string | undefined
  readonly entitlement?: string | undefined
  readonly requester?: string | undefined
  readonly limit: string
}

/** One page, or all of them. With filters a page may be shorter than its limit and still not be the last. */
async function pagesOf(api: Api, filters: Filters, isAll: boolean) {
  const requests: RequestAnswer[] = []
  const answers: unknown[] = []
  let cursor: string | undefined
  do {
    const given = Object.entries({ ...filters, cursor, ...(isAll && { limit: '100' }) })
    const query = new URLSearchParams()
    for (const [name, value] of given) if (value !== undefined) query.set(name, value)
    const answer = await api.get(`/requests?${query}`)
    const page = parsedAnswer($Requests, answer)
    answers.push(...parsedAnswer(z.object({ requests: z.array(z.unknown()) }), answer).requests)
    requests.push(...page.requests)
    cursor = page.cursor
  } while (cursor !== undefined && (isAll || requests.length === 0))
  return { requests, answers, hasMore: cursor !== undefined }
}

function listText(requests: readonly RequestAnswer[], surroundings: Surroundings): string {
  return requests.length === 0
    ? 'No requests.\n'
    : table<RequestAnswer>(
        {
          request: row => row.requestId,
          status: row => row.status,
          who: row => row.requester,
          entitlement: row => row.entitlement,
          parameters: row => parametersText(row.parameters),
          duration: row => shortDuration(row.duration),
          asked: row => row.askedAt,
          until: row => row.grant?.notAfter,
          reason: row => row.reason,
        },
        requests,
        inkFor(surroundings.out, surroundings),
      )
}
