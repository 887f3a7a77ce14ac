import { type AccessFile, peopleOf } from '../domain/access-file.ts'
import { FARTHEST_ASK_SECONDS, isElevationIn } from '../domain/elevations.ts'
import { plusSeconds, wholeSeconds } from '../domain/instant.ts'
import type { Request } from '../domain/request.ts'
import type { Clock } from './ports/chance.ts'
import type { Digest, DigestMailer, OpenFindings } from './ports/digest-mailer.ts'
import type { DigestSpan, DigestStore } from './ports/digest-store.ts'
import type { FindingStore } from './ports/finding-store.ts'
import type { RequestStore } from './ports/request-store.ts'

export interface SendDigestDeps {
  readonly access: AccessFile
  readonly store: Pick<RequestStore, 'list'>
  readonly findings: Pick<FindingStore, 'list'>
  readonly digests: DigestStore
  readonly mailer: DigestMailer
  readonly clock: Clock
}

export interface DigestSent {
  readonly spans: number
  readonly elevations: number
  readonly mails: number
}

const A_DAY = 86_400
/** What began this short ago is left to the next digest: the index it is found by is a moment behind. */
const SETTLING_SECONDS = 300
/** Pages of a hundred requests; a house that asks more than that in five weeks is told so in the mail. */
const MOST_PAGES = 200
/** One that was left unfinished, and the one of today. */
const MOST_SPANS = 2

/**
 * Tells administrators once a day who was elevated since the last time, and of findings until they are closed. Where there is
 * neither, there is no mail.
 *
 *   begin (or go on with) a span → find the elevations → mail one administrator, remember it → … → finish the span
 *
 * A run that breaks off is taken up by the next one: nobody who is remembered is mailed again, and nothing falls between two spans.
 * Only who was being mailed when it broke off may get the mail twice.
 */
export async function sendDigest(deps: SendDigestDeps): Promise<DigestSent> {
  const now = wholeSeconds(deps.clock.now())
  const until = plusSeconds(now, -SETTLING_SECONDS)
  let sent: DigestSent = { spans: 0, elevations: 0, mails: 0 }
  for (let count = 0; count < MOST_SPANS; count += 1) {
    const span = await deps.digests.begin(plusSeconds(until, -A_DAY), until)
    if (!span) return sent
    const { elevations, mails } = await tellOf(deps, span)
    sent = { spans: sent.spans + 1, elevations: sent.elevations + elevations, mails: sent.mails + mails }
  }
  return sent
}

async function tellOf(deps: SendDigestDeps, span: DigestSpan) {
  const { access, digests, mailer } = deps
  const digest = await digestOf(deps, span)
  const elevations = digest.elevations.length
  const untold = peopleOf(access, access.admins).filter(({ id }) => !span.told.includes(id))
  const mailed = elevations === 0 && !digest.findings ? [] : untold
  for (const admin of mailed) {
    await mailer.send(admin, digest)
    await digests.told(span, admin.id)
  }
  await digests.finish(span)
  return { elevations, mails: mailed.length }
}

async function digestOf({ store, findings }: SendDigestDeps, { from, until }: DigestSpan): Promise<Digest> {
  const oldest = plusSeconds(from, -FARTHEST_ASK_SECONDS)
  const found: Request[] = []
  let cursor: string | undefined
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const { requests, cursor: next } = await store.list({ limit: 100, cursor })
    found.push(...requests.filter(request => isElevationIn({ from, until }, request)))
    const last = requests.at(-1)
    cursor = last && last.askedAt < oldest ? undefined : next
    if (cursor === undefined) break
  }
  const elevations = found.sort((one, other) => beginOf(one) - beginOf(other))
  return { from, until, elevations, isCut: cursor !== undefined, findings: await openFindings(findings) }
}

/** There is at most one of a rule about a person, so there are few, and all of them are counted. */
async function openFindings(store: SendDigestDeps['findings']): Promise<OpenFindings | undefined> {
  let found: OpenFindings | undefined
  let after: string | undefined
  do {
    const page = await store.list({ state: 'open', limit: 100, after })
    const oldest = page.findings.at(-1)?.openedAt
    if (oldest) found = { count: (found?.count ?? 0) + page.findings.length, oldest }
    after = page.next
  } while (after !== undefined)
  return found
}

function beginOf({ grant }: Request): number {
  return grant?.notBefore.getTime() ?? 0
}
