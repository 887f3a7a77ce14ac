import {
  type Along,
  type Creation,
  type History,
  type Idempotency,
  InvalidCursorError,
  type OpenDebts,
  type OpenRequests,
  type Recalled,
  type RequestPage,
  type RequestQuery,
  type RequestStore,
} from '../../lambdas/application/ports/request-store.ts'
import {
  DEBTS_OPEN,
  debtKey,
  eventKey,
  idempotencyKey,
  OPEN,
  requestKey,
  usesKey,
} from '../../lambdas/contract/keys.ts'
import { debtRow, readOpenDebt, readUses, usesRow } from '../../lambdas/contract/personal-rows.ts'
import { eventRow, readEvent, readRequest, requestRow } from '../../lambdas/contract/rows.ts'
import type { LedgerEvent } from '../../lambdas/domain/ledger.ts'
import type { Beginning, Transition } from '../../lambdas/domain/lifecycle.ts'
import type { OpenDebt } from '../../lambdas/domain/past.ts'
import type { Request } from '../../lambdas/domain/request.ts'
import type { Uses } from '../../lambdas/domain/uses.ts'
import { Faults } from './faults.ts'
import { InMemoryLinkStore } from './in-memory-link-store.ts'

type Row = Record<string, unknown>
type Key = { readonly pk: string; readonly sk: string }

/** The one table in memory, row by row as DynamoDB keeps them: as UTF-8, without what is undefined. */
export class InMemoryRequestStore implements RequestStore, OpenRequests, OpenDebts {
  readonly rows = new Map<string, string>()
  readonly #links: InMemoryLinkStore
  readonly #faults: Faults

  constructor(faults = new Faults(), links = new InMemoryLinkStore(faults)) {
    this.#faults = faults
    this.#links = links
  }

  create({ to, event }: Beginning, idempotency?: Idempotency, { uses, step }: Along = {}): Promise<Creation> {
    return this.#faults.around('store.create', () => {
      if (this.#read(requestKey(to.id))) throw new Error(`the id ${to.id} is taken`)
      const known = idempotency && this.#recalled(idempotency)
      if (known) return known
      if (uses && uses.version !== readUses(this.#read(usesKey(to.requester))).version) return { outcome: 'stale' }
      if (step && !this.#isOpenTo(step)) return { outcome: 'stale' }
      if (idempotency) {
        const { requester, key, bodyHash } = idempotency
        this.#write(idempotencyKey(requester, key), { requestId: to.id, bodyHash })
      }
      if (uses) this.#write(usesKey(to.requester), usesRow(to.requester, uses))
      if (step) this.#take(step)
      this.#write(requestKey(to.id), requestRow(to))
      this.#write(eventKey(event.requestId, event.sequence), eventRow(event))
      return { outcome: 'created' }
    })
  }

  recall(idempotency: Idempotency): Promise<Recalled | undefined> {
    return this.#faults.around('store.recall', () => this.#recalled(idempotency))
  }

  commit(transition: Transition, usedLink?: string): Promise<'won' | 'lost'> {
    return this.#faults.around('store.commit', () => {
      if (!this.#isOpenTo(transition)) return 'lost'
      if (usedLink !== undefined && !this.#links.use(usedLink)) return 'lost'
      this.#take(transition)
      return 'won'
    })
  }

  usesOf(person: string): Promise<Uses> {
    return this.#faults.around('store.usesOf', () => readUses(this.#read(usesKey(person))))
  }

  openDebtOf(person: string): Promise<OpenDebt | undefined> {
    return this.#faults.around('store.openDebtOf', () => readOpenDebt(this.#read(debtKey(person))))
  }

  find(requestId: string): Promise<Request | undefined> {
    return this.#faults.around('store.find', () => this.#request(requestId))
  }

  history(requestId: string): Promise<History | undefined> {
    return this.#faults.around('store.history', () => {
      const request = this.#request(requestId)
      return request && { request, events: this.#events(requestId) }
    })
  }

  list({ requester, status, entitlement, limit, cursor }: RequestQuery): Promise<RequestPage> {
    return this.#faults.around('store.list', () => {
      const before = cursor === undefined ? undefined : readCursor(cursor)
      const fitting = this.#all()
        .filter(request => requester === undefined || request.requester === requester)
        .filter(request => status === undefined || request.status === status)
        .filter(request => entitlement === undefined || request.entitlement === entitlement)
        .filter(({ id }) => before === undefined || id < before)
        .sort((a, b) => (a.id < b.id ? 1 : -1))
      const requests = fitting.slice(0, limit)
      const last = requests.at(-1)
      return { requests, ...(fitting.length > limit && last && { cursor: cursorOf(last.id) }) }
    })
  }

  /** As the sparse index gives them: by the attribute `open`. */
  async *openRequests(): AsyncIterable<string> {
    yield* await this.#faults.around('open.query', () =>
      [...this.rows.keys()].flatMap(key => {
        const row = this.#parsed(key)
        return row?.open === OPEN ? [String(row.id)] : []
      }),
    )
  }

  /** By the same index. */
  async *openDebts(): AsyncIterable<OpenDebt> {
    yield* [...this.rows.keys()].flatMap(key => {
      const row = this.#parsed(key)
      const debt = row?.open === DEBTS_OPEN ? readOpenDebt(row) : undefined
      return debt ?? []
    })
  }

  /** What an attacker with the table does: changes a stored row behind the service's back. */
  tamper(key: Key, change: (row: Row) => Row): void {
    const row = this.#read(key)
    if (!row) throw new Error(`there is no row ${key.pk} ${key.sk}`)
    this.#write(key, change(row))
  }

  #request(requestId: string): Request | undefined {
    const row = this.#read(requestKey(requestId))
    return row && readRequest(row)
  }

  #events(requestId: string): readonly LedgerEvent[] {
    const events: LedgerEvent[] = []
    for (let sequence = 1; ; sequence += 1) {
      const row = this.#read(eventKey(requestId, sequence))
      if (!row) return events
      events.push(readEvent(row))
    }
  }

  #all(): readonly Request[] {
    return [...this.rows.keys()].flatMap(key => {
      const row = this.#parsed(key)
      return row?.kind === 'request' ? [readRequest(row)] : []
    })
  }

  #recalled({ requester, key, bodyHash }: Idempotency): Recalled | undefined {
    const known = this.#read(idempotencyKey(requester, key))
    if (!known) return undefined
    return { outcome: known.bodyHash === bodyHash ? 'repeated' : 'mismatch', requestId: String(known.requestId) }
  }

  #isOpenTo({ from, to, event }: Transition): boolean {
    const stored = this.#request(from.id)
    const isStillFrom = stored?.status === from.status && stored.lastEvent.hash === from.lastEvent.hash
    if (!isStillFrom || this.#read(eventKey(event.requestId, event.sequence))) return false
    const owed = readOpenDebt(this.#read(debtKey(from.requester)))
    if (!from.debt && to.debt) return owed === undefined
    const closes = !from.debt?.closed && to.debt?.closed !== undefined
    return !closes || owed?.requestId === to.id
  }

  #take({ from, to, event }: Transition): void {
    this.#write(requestKey(to.id), requestRow(to))
    this.#write(eventKey(event.requestId, event.sequence), eventRow(event))
    if ((!from.debt && to.debt) || (!from.debt?.closed && to.debt?.closed)) {
      this.#write(debtKey(to.requester), debtRow(to))
    }
  }

  #read({ pk, sk }: Key): Row | undefined {
    return this.#parsed(`${pk} ${sk}`)
  }

  #parsed(key: string): Row | undefined {
    const text = this.rows.get(key)
    return text === undefined ? undefined : JSON.parse(text)
  }

  #write({ pk, sk }: Key, row: Row): void {
    this.rows.set(`${pk} ${sk}`, JSON.stringify({ pk, sk, ...row }, inUtf8))
  }
}

/** Lone surrogates do not survive UTF-8, in DynamoDB as anywhere. */
function inUtf8(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? value.toWellFormed() : value
}

function cursorOf(id: string): string {
  return Buffer.from(id).toString('base64url')
}

function readCursor(cursor: string): string {
  const id = Buffer.from(cursor, 'base64url').toString('utf8')
  if (!/^[0-9A-HJKMNP-TV-Z]{26}$/.test(id)) throw new InvalidCursorError('the cursor was not given by this list')
  return id
}
