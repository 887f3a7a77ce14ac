import { ListAttachedUserPoliciesCommand, paginateListPolicies } from '@aws-sdk/client-iam'
import { paginateScan } from '@aws-sdk/lib-dynamodb'
import { readEvent, readRequest } from '../../lambdas/contract/rows.ts'
import { GRANT_PATH } from '../../lambdas/domain/grant.ts'
import { type LedgerEvent, verifyChain } from '../../lambdas/domain/ledger.ts'
import { statusByLedger } from '../../lambdas/domain/lifecycle.ts'
import { isOpen, type Request } from '../../lambdas/domain/request.ts'
import { type FaultHouse, type Hands, TABLE } from './fault-house.ts'
import type { Deeds } from './fault-life.ts'

/** Facts that may stand anywhere after the ask. */
const NOTES: ReadonlySet<string> = new Set(['approvers-asked', 'approvers-reminded', 'mail-failed', 'link-voided'])
const CLOSING: ReadonlySet<string> = new Set(['refused', 'denied', 'unanswered', 'cancelled', 'ended', 'failed'])
/** These are written more often than once only by stages of approval, or never. */
const MANY: ReadonlySet<string> = new Set(['decided'])

/** Every life there may be, its notes left out. A second look takes away what an attach had put back that raced with the end, or came late. */
const LEGAL =
  /^(?:refused|asked(?: decided)*(?: denied| unanswered| cancelled| failed| approved(?: failed| activated ended|(?: activated)? end-ordered ended)(?: second-look)?))$/

export interface Verdict {
  readonly requests: number
  readonly attached: number
  readonly policiesLeft: number
  readonly brokenChains: number
  readonly open: number
  readonly eventsLost: number
  readonly eventsDoubled: number
  readonly illegal: number
  /** Receipts that were written before IAM said that the policy is gone. */
  readonly unproven: number
  /** People who were told no, though their answer stands. */
  readonly misled: number
  readonly statuses: Readonly<Record<string, number>>
  readonly causes: Readonly<Record<string, number>>
  /** What is wrong, request by request. */
  readonly findings: readonly string[]
}

interface Found {
  request?: Request
  readonly events: LedgerEvent[]
}

/** Judges what is left in IAM and in the table, by what IAM was made to do and what the use cases said they had done. */
export async function verdictOf(
  { direct, principals }: FaultHouse,
  lives: readonly Deeds[],
  created: ReadonlySet<string>,
  unproven: readonly string[] = [],
): Promise<Verdict> {
  const records = await everyRequest(direct)
  const findings: string[] = []
  const statuses: Record<string, number> = {}
  const causes: Record<string, number> = {}
  const count = { broken: 0, open: 0, lost: 0, doubled: 0, illegal: 0 }
  const found = (kind: keyof typeof count, id: string, detail: string) => {
    count[kind] += 1
    findings.push(`${kind} ${id}: ${detail}`)
  }
  const deedsOf = new Map(lives.map(deeds => [deeds.reason, deeds]))
  const seen = new Set<string>()

  for (const [id, { request, events }] of records) {
    const types = events.map(({ type }) => type)
    const line = types.filter(type => !NOTES.has(type)).join(' ')
    if (!request) {
      found('lost', id, `there are events and no request: ${line}`)
      continue
    }
    statuses[request.status] = (statuses[request.status] ?? 0) + 1
    const { cause } = request.ending ?? {}
    if (cause) causes[cause] = (causes[cause] ?? 0) + 1
    if (seen.has(request.reason)) found('doubled', id, `a second request of ${request.reason}`)
    seen.add(request.reason)
    const chain = verifyChain(id, events)
    if (chain.outcome === 'broken') found('broken', id, chain.detail)
    else if (chain.head.hash !== request.lastEvent.hash)
      found('lost', id, 'the request is not at the head of its chain')
    if (isOpen(request)) found('open', id, `${request.status}: ${line}`)
    if (statusByLedger(events) !== request.status) found('lost', id, `${request.status}, by its ledger ${line}`)
    if (!LEGAL.test(line)) found('illegal', id, line)
    const closings = types.filter(type => CLOSING.has(type)).length
    if (closings === 0) found('lost', id, `no closing event: ${line}`)
    if (closings > 1) found('doubled', id, `${closings} closing events: ${line}`)
    for (const type of new Set(types)) {
      const times = types.filter(each => each === type).length
      if (times > 1 && !NOTES.has(type) && !MANY.has(type)) found('doubled', id, `${times} × ${type}`)
    }
    for (const said of deedsOf.get(request.reason)?.said ?? []) {
      const isThere = said === 'closed' ? closings > 0 : types.includes(said)
      if (!isThere) found('lost', id, `a use case said ${said}: ${line}`)
    }
    const hasReceipt = events.some(({ type, details }) => CLOSING.has(type) && details.receipt !== undefined)
    if (created.has(id) && !hasReceipt) found('lost', id, `its policy was made and there is no receipt: ${line}`)
  }
  for (const { requestId } of lives) {
    if (requestId !== undefined && !records.has(requestId)) found('lost', requestId, 'it was accepted and is not there')
  }
  const left = await policiesUnderThePath(direct)
  let attached = 0
  for (const name of principals.keys()) {
    const { AttachedPolicies = [] } = await direct.iam.send(new ListAttachedUserPoliciesCommand({ UserName: name }))
    attached += AttachedPolicies.length
  }
  const misled = lives.flatMap(each => each.misled)
  findings.push(...unproven, ...misled)
  findings.push(...left.map(arn => `left: ${arn}`))
  return {
    requests: records.size,
    attached,
    policiesLeft: left.length,
    brokenChains: count.broken,
    open: count.open,
    eventsLost: count.lost,
    eventsDoubled: count.doubled,
    illegal: count.illegal,
    unproven: unproven.length,
    misled: misled.length,
    statuses,
    causes,
    findings,
  }
}

async function everyRequest({ documents }: Hands): Promise<ReadonlyMap<string, Found>> {
  const records = new Map<string, Found>()
  for await (const { Items = [] } of paginateScan({ client: documents }, { TableName: TABLE, ConsistentRead: true })) {
    for (const row of Items) {
      if (row.kind !== 'request' && row.kind !== 'event') continue
      const id = String(row.pk).slice('REQUEST#'.length)
      const record = records.get(id) ?? { events: [] }
      records.set(id, record)
      if (row.kind === 'request') record.request = readRequest(row)
      else record.events.push(readEvent(row))
    }
  }
  for (const { events } of records.values()) events.sort((one, other) => one.sequence - other.sequence)
  return records
}

export async function policiesUnderThePath({ iam }: Hands): Promise<readonly string[]> {
  const arns: string[] = []
  for await (const { Policies = [] } of paginateListPolicies(
    { client: iam },
    { Scope: 'Local', PathPrefix: GRANT_PATH },
  )) {
    arns.push(...Policies.flatMap(({ Arn }) => Arn ?? []))
  }
  return arns
}
