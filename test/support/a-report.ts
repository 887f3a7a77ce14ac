import { sha256 } from '../../lambdas/domain/digest.ts'
import { periodNamed } from '../../lambdas/domain/period.ts'
import type { History } from '../../lambdas/domain/review/lens.ts'
import type { Report } from '../../lambdas/domain/review/report.ts'
import { questions } from '../../lambdas/domain/review/review.ts'
import { anAccessFile } from './an-access-file.ts'

/** The report of these histories, of the first quarter of 2027 and made right after it. */
export function aReport(histories: readonly History[], overrides: Partial<Report> = {}): Report {
  const { access = anAccessFile({ timezone: 'UTC' }), producedAt = new Date('2027-04-01T09:00:00Z') } = overrides
  const period = periodNamed('2027-Q1', access.timezone)
  if (!period) throw new Error('the calendar has no such quarter')
  const state = histories.reduce((before, history) => questions.add(before, history), questions.init())
  return {
    access,
    review: questions.finish(state, { access, period, now: producedAt }),
    findings: [],
    period: period.name,
    version: 1,
    from: period.from,
    to: period.to,
    producedAt,
    accessHash: sha256('access'),
    lapseVersion: '1.2.3',
    files: [
      {
        name: 'sessions.csv',
        contentType: 'text/csv',
        bytes: 12_345,
        sha256: sha256('sessions'),
        rows: histories.length,
      },
    ],
    ...overrides,
  }
}
