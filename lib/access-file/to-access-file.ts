import type { AccessFile, Entitlement, Person, Rule, Stage } from '../../lambdas/domain/access-file.ts'
import type {
  AutomaticRule,
  BreakGlass,
  Caps,
  Delegation,
  Ladder,
  Notify,
} from '../../lambdas/domain/approval-rules.ts'
import { secondsOfShortDuration } from '../../lambdas/domain/duration.ts'
import { toInstant } from '../../lambdas/domain/instant.ts'
import { periodNamed } from '../../lambdas/domain/period.ts'
import type { ManagedPolicy } from './managed-policy.ts'
import type { AccessForm, EntitlementForm, PersonForm } from './schema.ts'
import type { SoundParts } from './sound-parts.ts'
import { DEFAULT_SHORTEST_GRANT } from './time-limits.ts'
import { toFindingSettings } from './to-finding-settings.ts'

/** The access file as the service reads it: defaults filled in, durations in seconds. */
export function toAccessFile(form: AccessForm, parts: Pick<SoundParts, 'entitlements'>): AccessFile {
  const { organisation, timezone, mail, limits, people, groups = {}, admins, auditors, entitlements } = form
  const { hours, delegations, notify, findings } = form
  return {
    organisation,
    timezone,
    mail,
    limits: { shortestGrantSeconds: secondsOf(limits?.shortestGrant ?? DEFAULT_SHORTEST_GRANT) },
    people: each(people, toPerson),
    groups,
    admins,
    auditors,
    ...(hours && {
      hours: { timezone: hours.timezone ?? timezone, spans: hours.spans, holidays: hours.holidays ?? [] },
    }),
    ...(delegations && { delegations: delegations.map(delegation => toDelegation(delegation, timezone)) }),
    ...(notify && { notify: toNotify(notify) }),
    ...(findings && { findings: toFindingSettings(findings) }),
    entitlements: each(entitlements, (id, entitlement) =>
      toEntitlement(id, entitlement, parts.entitlements[id]?.managedPolicy),
    ),
  }
}

function toPerson(id: string, { principals = [], ...person }: PersonForm): Person {
  const sessions = principals.flatMap(principal => (typeof principal === 'string' ? [] : [principal]))
  const users = principals.flatMap(principal => (typeof principal === 'string' ? [principal] : []))
  return { id, ...person, principals: users, ...(sessions.length > 0 && { sessions }) }
}

function toEntitlement(id: string, form: EntitlementForm, managedPolicy: ManagedPolicy | undefined): Entitlement {
  const {
    title,
    description,
    risk,
    parameters = {},
    fences,
    acknowledged,
    duration,
    rules,
    approval,
    automatic,
    breakGlass,
    caps,
  } = form
  return {
    id,
    title,
    description,
    risk,
    parameters,
    ...toStatements(form, managedPolicy),
    ...(fences ? { fences } : {}),
    ...(acknowledged ? { acknowledged } : {}),
    duration: { defaultSeconds: secondsOf(duration.default), maximumSeconds: secondsOf(duration.maximum) },
    rules: rules.map(toRule),
    stages: approval.stages.map(toStage),
    ladder: toLadder(approval),
    codeRequired: approval.code ?? risk !== 'low',
    ...(approval.assurance === 'signed' && { assurance: 'signed' }),
    ...(approval.mfa && { decisionMfa: true }),
    ...(automatic && { automatic: automatic.map(toAutomatic) }),
    ...(breakGlass && { breakGlass: toBreakGlass(breakGlass) }),
    ...(caps && { caps: toCaps(caps) }),
  }
}

function toStatements(
  { statements, managedPolicy: arn, attach, because }: EntitlementForm,
  managedPolicy: ManagedPolicy | undefined,
): Pick<Entitlement, 'statements' | 'managedPolicy'> {
  if (statements) return { statements }
  if (!arn || managedPolicy?.outcome !== 'copied')
    throw new RangeError('the entitlement passed the checks and has no statements')
  const { versionId, documentHash } = managedPolicy
  const asIs = attach && because !== undefined ? { asIs: { because, documentHash } } : {}
  return { statements: managedPolicy.statements, managedPolicy: { arn, versionId, ...asIs } }
}

function toStage({ escalateTo, ...stage }: EntitlementForm['approval']['stages'][number]): Stage {
  return { ...stage, ...(escalateTo && { escalateTo }) }
}

function toLadder({ remindAfter, escalateAfter, unansweredAfter, within }: EntitlementForm['approval']): Ladder {
  return {
    remindAfterSeconds: secondsOf(remindAfter),
    ...(escalateAfter && { escalateAfterSeconds: secondsOf(escalateAfter) }),
    unansweredAfterSeconds: secondsOf(unansweredAfter),
    ...(within === 'hours' && { isWithinHours: true }),
  }
}

function toAutomatic({
  name,
  allow,
  upTo,
  mostPerWeek,
  within,
}: NonNullable<EntitlementForm['automatic']>[number]): AutomaticRule {
  return { name, members: allow, maximumSeconds: secondsOf(upTo), mostPerWeek, isWithinHours: within === 'hours' }
}

function toBreakGlass({
  allow,
  maximum,
  reviewers,
  reviewWithin,
}: NonNullable<EntitlementForm['breakGlass']>): BreakGlass {
  return {
    members: allow,
    maximumSeconds: secondsOf(maximum),
    reviewers,
    reviewWithinSeconds: secondsOf(reviewWithin),
  }
}

function toCaps({ open, perWeek, timePerWeek }: NonNullable<EntitlementForm['caps']>): Caps {
  return {
    ...(open !== undefined && { mostOpen: open }),
    ...(perWeek !== undefined && { mostPerWeek: perWeek }),
    ...(timePerWeek !== undefined && { mostSecondsPerWeek: secondsOf(timePerWeek) }),
  }
}

/** Days are those of the organisation's zone; `until` is included, so the delegation ends as the day after it begins. */
function toDelegation(
  { of, to, from, until, because }: NonNullable<AccessForm['delegations']>[number],
  timezone: string,
): Delegation {
  const days = periodNamed(`${from}..${until}`, timezone)
  if (!days) throw new RangeError(`${from} to ${until} passed the checks and is no span of days`)
  return { of, to, from: toInstant(days.from), until: toInstant(days.to), because }
}

function toNotify({ admins = 'each', webhooks = [] }: NonNullable<AccessForm['notify']>): Notify {
  return {
    admins,
    webhooks: webhooks.map(({ secret: secretName, ...webhook }) => ({ ...webhook, secretName })),
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
