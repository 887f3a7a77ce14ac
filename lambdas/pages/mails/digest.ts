import type { EndCause, Request } from '../../domain/request.ts'
import type { Fact } from '../request-facts.ts'
import type { Approval, Window } from '../request-view.ts'
import { durationWords, type Reader, readerTimes } from '../times.ts'
import { type Block, facts, warning, words } from './letter.ts'
import { type Mail, mailOf } from './mail.ts'

/** One elevation, as the digest tells of it. */
export interface ElevationView {
  readonly requestId: string
  readonly requester: string
  readonly entitlement: string
  readonly grant: Window
  readonly status: Request['status']
  readonly cause?: EndCause | undefined
  readonly endedAt?: Date | undefined
  readonly isBreakGlass: boolean
  readonly approvals: readonly Approval[]
  /** Name of the rule that let it in. */
  readonly rule: string
}

/** To one administrator, once a day: who was elevated, and how much nobody has looked at. */
export interface DigestView {
  readonly organisation: string
  readonly reader: Reader
  readonly from: Date
  readonly until: Date
  /** In the order of their beginning. */
  readonly elevations: readonly ElevationView[]
  readonly isCut: boolean
  readonly findings?: { readonly count: number; readonly oldest: Date } | undefined
}

export function digestMail({ organisation, reader, from, until, elevations, isCut, findings }: DigestView): Mail {
  const { timezone } = reader
  const count = elevations.length === 1 ? '1 elevation' : `${elevations.length} elevations`
  const emergencies = elevations.filter(({ isBreakGlass }) => isBreakGlass).length
  const byEntitlement = Map.groupBy(elevations, ({ entitlement }) => entitlement)
  const cut: readonly Block[] = isCut ? [warning(CUT)] : []
  const elevated = `${count} of ${peopleIn(elevations)}${emergencies > 0 ? `, ${emergencyWords(emergencies)}` : ''}`
  const open = findings && findingWords(findings.count)
  return mailOf({
    subject: elevations.length === 0 && open ? open : [elevated, ...(open ? [open] : [])].join('; '),
    heading: elevations.length === 0 && open ? open : count,
    organisation,
    blocks: [
      words(
        `${reader.name}, this is for your knowledge: ${elevations.length === 0 ? 'nothing' : 'what'} began from ${readerTimes(from, timezone)} until ${readerTimes(until, timezone)}.`,
      ),
      ...(findings ? [findingFacts(findings, timezone)] : []),
      ...cut,
      ...[...byEntitlement].map(([title, group]) =>
        facts(
          title,
          group.map(each => elevationFact(each, reader)),
        ),
      ),
      ...(elevations.length > 0 ? [IF_ONE_SHOULD_NOT_BE] : []),
    ],
  })
}

const IF_ONE_SHOULD_NOT_BE = facts('If one should not be', [
  { label: 'Take it away at once', values: ['POST /requests/{id}/revoke'], look: 'code' },
])

function findingWords(count: number): string {
  return count === 1 ? '1 finding is open' : `${count} findings are open`
}

/** Until they are closed each mail says so. Whom they are about it does not say: it may be who reads it. */
function findingFacts({ count, oldest }: NonNullable<DigestView['findings']>, timezone: string): Block {
  return facts('Findings', [
    { label: findingWords(count), values: [`The oldest since ${readerTimes(oldest, timezone)}`] },
    { label: 'Look at them, and close them', values: ['GET /findings', 'lapse findings'], look: 'code' },
  ])
}

const CUT = 'There were more requests than are looked through for this mail. GET /requests has them all.'

function peopleIn(elevations: readonly ElevationView[]): string {
  const { size } = new Set(elevations.map(({ requester }) => requester))
  return size === 1 ? '1 person' : `${size} people`
}

function emergencyWords(count: number): string {
  return count === 1 ? '1 emergency' : `${count} emergencies`
}

function elevationFact(elevation: ElevationView, { timezone }: Reader): Fact {
  const { requestId, requester, grant, isBreakGlass } = elevation
  const seconds = (grant.notAfter.getTime() - grant.notBefore.getTime()) / 1000
  return {
    label: isBreakGlass ? `${requester}, in an emergency` : requester,
    values: [
      `${durationWords(seconds)} from ${readerTimes(grant.notBefore, timezone)}`,
      approvedWords(elevation),
      endWords(elevation, timezone),
      `Request ${requestId}`,
    ],
  }
}

function approvedWords({ approvals, rule }: ElevationView): string {
  if (approvals.length === 0) return `Nobody was asked: rule ${rule}`
  return `Approved by ${approvals.map(({ approver }) => approver).join(', ')}`
}

function endWords({ status, grant, cause, endedAt }: ElevationView, timezone: string): string {
  if (status !== 'ENDED' || !endedAt) return `Ends by itself at ${readerTimes(grant.notAfter, timezone)}`
  return `${cause ? CAUSE_WORDS[cause] : 'Ended'} at ${readerTimes(endedAt, timezone)}`
}

const CAUSE_WORDS: Readonly<Record<EndCause, string>> = {
  expired: 'Expired',
  returned: 'Given back',
  revoked: 'Revoked by an administrator',
  frozen: 'Ended by a freeze',
  external: 'Removed outside Lapse',
}
