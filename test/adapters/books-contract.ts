import { describe, expect, it } from '@jest/globals'
import { ulid } from 'ulid'
import type { Books } from '../../lambdas/application/ports/books.ts'
import type { RequestStore } from '../../lambdas/application/ports/request-store.ts'
import { type Activity, activityOf } from '../../lambdas/domain/activity/activity.ts'
import { closeBooks } from '../../lambdas/domain/activity/close-books.ts'
import { decide } from '../../lambdas/domain/decide.ts'
import { plusSeconds } from '../../lambdas/domain/instant.ts'
import { activate, end } from '../../lambdas/domain/lifecycle.ts'
import { aBeginning, aDecision, aReceipt, grantOf, STATEMENTS, shownOf } from '../support/a-request.ts'
import { aCallOf } from '../support/recorded-trail.ts'

/** What was seen of a request, in full. */
function anActivity(requestId: string, overrides: Partial<Activity> = {}): Activity {
  const at = new Date('2027-03-01T10:30:00Z')
  const window = { from: new Date('2027-03-01T10:00:00Z'), until: new Date('2027-03-01T11:00:00Z') }
  const coverage = { ...window, events: 'management', regions: ['us-east-1'], pages: 1, isCut: false, unreadable: 2 }
  const calls = [aCallOf({ at }), aCallOf({ eventId: 'e2', at, error: 'AccessDenied', resources: ['arn:aws:s3:::ö'] })]
  const violations = [{ eventId: 'e3', action: 's3:X', at, when: 'after-end', resources: ['i-1'] }] as const
  const head = { requestId, state: 'provisional', readAt: at, coverage: { ...coverage, events: 'management' } } as const
  return { ...activityOf(head, { calls, window, statements: STATEMENTS, violations }), ...overrides }
}

/** What the keeper of the books must do; run against the fake and against DynamoDB. */
export function booksContract(name: string, stores: () => { readonly requests: RequestStore; readonly books: Books }) {
  /** The index may lag by a moment. */
  async function isOpen(id: string, wanted: boolean): Promise<boolean> {
    for (let tries = 0; ; tries += 1) {
      const ids: string[] = []
      for await (const each of stores().books.open()) ids.push(each)
      const found = ids.includes(id)
      if (found === wanted || tries === 20) return found
      await new Promise(resolve => setTimeout(resolve, 100))
    }
  }

  describe(`${name}: the books`, () => {
    it('AUD-04 give back what is kept of a request, and nothing where nothing is', async () => {
      const { books } = stores()
      const activity = anActivity(ulid())

      expect(await books.find(activity.requestId)).toBeUndefined()
      expect(await books.keep(activity)).toEqual(activity)
      expect(await books.find(activity.requestId)).toEqual(activity)
    })

    it('AUD-04 take what is new for what is provisional, and never for what is final', async () => {
      const { books } = stores()
      const requestId = ulid()
      await books.keep(anActivity(requestId))
      const final = anActivity(requestId, { state: 'final', resources: ['final'] })

      expect(await books.keep(final)).toEqual(final)
      expect(await books.keep(anActivity(requestId, { state: 'final', resources: ['later'] }))).toEqual(final)
      expect(await books.keep(anActivity(requestId))).toEqual(final)
      expect(await books.find(requestId)).toEqual(final)
    })

    it('AUD-04 are open from the end of the access until they are closed', async () => {
      const { requests } = stores()
      const beginning = aBeginning({ id: ulid() })
      const { id } = beginning.to
      await requests.create(beginning)
      const decided = decide(beginning.to, aDecision(beginning.to), shownOf(beginning.to))
      if (decided.outcome === 'refused') throw new Error(decided.detail)
      await requests.commit(decided.transition)
      const approved = decided.transition.to
      const active = activate(approved, grantOf(approved).notBefore)
      await requests.commit(active)
      expect(await isOpen(id, false)).toBe(false)

      const ended = end(active.to, 'expired', aReceipt(active.to), { service: 'revoker' })
      await requests.commit(ended)
      expect(await isOpen(id, true)).toBe(true)

      const closed = closeBooks(ended.to, anActivity(id, { state: 'final' }), plusSeconds(ended.event.at, 7200))
      expect(await requests.commit(closed)).toBe('won')
      expect(await isOpen(id, false)).toBe(false)
      expect((await requests.find(id))?.books).toEqual(closed.to.books)
    })
  })
}
