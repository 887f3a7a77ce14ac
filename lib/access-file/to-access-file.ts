import type { AccessFile, Entitlement, Rule } from '../../lambdas/domain/access-file.ts'
import { secondsOfShortDuration } from '../../lambdas/domain/duration.ts'
import type { AccessForm, EntitlementForm } from './schema.ts'
import { DEFAULT_SHORTEST_GRANT } from './time-limits.ts'

/** The access file as the service reads it: defaults filled in, durations in seconds. */
export function toAccessFile(form: AccessForm): AccessFile {
  const { organisation, timezone, mail, limits, people, groups = {}, admins, auditors, entitlements } = form
  return {
    organisation,
    timezone,
    mail,
    limits: { shortestGrantSeconds: secondsOf(limits?.shortestGrant ?? DEFAULT_SHORTEST_GRANT) },
    people: each(people, (id, { principals = [], ...person }) => ({ id, ...person, principals })),
    groups,
    admins,
    auditors,
    entitlements: each(entitlements, toEntitlement),
  }
}

function toEntitlement(id: string, form: EntitlementForm): Entitlement {
  const {
    title,
    description,
    risk,
    parameters = {},
    statements,
    fences,
    acknowledged,
    duration,
    rules,
    approval,
  } = form
  return {
    id,
    title,
    description,
    risk,
    parameters,
    statements,
    ...(fences ? { fences } : {}),
    ...(acknowledged ? { acknowledged } : {}),
    duration: { defaultSeconds: secondsOf(duration.default), maximumSeconds: secondsOf(duration.maximum) },
    rules: rules.map(toRule),
    stages: approval.stages,
    ladder: {
      remindAfterSeconds: secondsOf(approval.remindAfter),
      unansweredAfterSeconds: secondsOf(approval.unansweredAfter),
    },
    codeRequired: approval.code ?? risk !== 'low',
  }
}

function toRule({ name, allow, deny, maximum }: EntitlementForm['rules'][number]): Rule {
  const limit = maximum === undefined ? {} : { maximumSeconds: secondsOf(maximum) }
  return { name, effect: deny ? 'deny' : 'allow', members: deny ?? allow ?? [], ...limit }
}

function secondsOf(duration: string): number {
  const seconds = secondsOfShortDuration(duration)
  if (seconds === undefined) throw new RangeError(`${duration} passed the schema and is no duration`)
  return seconds
}

function each<Form, Part>(forms: Readonly<Record<string, Form>>, read: (id: string, form: Form) => Part) {
  return Object.fromEntries(Object.entries(forms).map(([id, form]) => [id, read(id, form)]))
}
