import { step, type Transition } from '../lifecycle.ts'
import type { Request } from '../request.ts'
import { type Activity, activityHash } from './activity.ts'

/** The last word on what was done with a grant: from here on what is kept of it is proven by its hash. */
export function closeBooks(request: Request, activity: Activity, at: Date): Transition {
  const { grantUse, coverage, actions, violations, leftOut } = activity
  const hash = activityHash(activity)
  return step(request, {
    at,
    actor: { service: 'books' },
    type: 'books-closed',
    details: {
      activityHash: hash,
      grantUse,
      coverage: coverage.events,
      regions: coverage.regions,
      isCut: coverage.isCut,
      actions: actions.length + leftOut.actions,
      violations: violations.length + leftOut.violations,
    },
    change: { books: { closedAt: at, hash } },
  })
}
