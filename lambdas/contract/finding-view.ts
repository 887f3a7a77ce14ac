import { type AccessFile, own } from '../domain/access-file.ts'
import type { Finding } from '../domain/findings/finding.ts'
import { RULE_WORDS } from '../domain/findings/rule-words.ts'
import { toInstant } from '../domain/instant.ts'

/** A finding as the API answers it, what was seen last first. */
export function findingView(access: AccessFile, finding: Finding) {
  const { id, rule, subject, alsoAbout, openedAt, count, latest, holds, closed } = finding
  return {
    findingId: id,
    state: closed ? ('closed' as const) : ('open' as const),
    rule,
    ...RULE_WORDS[rule],
    learnMore: `docs/findings.md#${rule}`,
    subject,
    name: own(access.people, subject)?.name,
    alsoAbout,
    openedAt: toInstant(openedAt),
    count,
    latest: latest.toReversed().map(({ at, ...seen }) => ({ ...seen, at: toInstant(at) })),
    holds,
    closed: closed && { ...closed, at: toInstant(closed.at) },
  }
}
