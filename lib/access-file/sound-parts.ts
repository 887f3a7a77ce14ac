import type { StatementTemplate } from '../../lambdas/domain/access-file.ts'
import { $automatic, $caps } from './approval-schema.ts'
import { $fences } from './fence-formats.ts'
import { $duration, $memberRef } from './formats.ts'
import { $delegation, $hours, $notify } from './house-schema.ts'
import { copyOf, type ManagedPolicy, type ReadBeside } from './managed-policy.ts'
import { $managedPolicyArn } from './managed-policy-formats.ts'
import {
  $acknowledgement,
  $durationRange,
  $entitlement,
  $parameters,
  $person,
  $rule,
  $statement,
  type AccessForm,
  type EntitlementForm,
  type PersonForm,
} from './schema.ts'
import { type SoundApproval, type SoundBreakGlass, soundApproval, soundBreakGlass } from './sound-approval.ts'
import { type SoundFindings, soundFindings } from './sound-findings.ts'
import { each, listOf, mapOf, type SoundList, sound } from './sound-values.ts'

/**
 * What is sound of a file that may be broken elsewhere. The checks between parts look at this, so that one mistake does not
 * hide another until the next run. A broken part is undefined, and still counts as declared.
 */
export interface SoundParts {
  readonly declared: { readonly people: readonly string[]; readonly groups: readonly string[] }
  readonly people: Readonly<Record<string, PersonForm | undefined>>
  readonly groups: Readonly<Record<string, SoundList<string>>>
  readonly admins: SoundList<string>
  readonly auditors: SoundList<string>
  readonly shortestGrant: string | undefined
  /** Undefined when there are none. */
  readonly hours: SoundHours | undefined
  readonly delegations: SoundList<NonNullable<AccessForm['delegations']>[number]>
  readonly webhooks: SoundList<Webhook>
  /** Each rule that is declared, with what of it is sound. */
  readonly findings: SoundFindings
  readonly entitlements: Readonly<Record<string, SoundEntitlement>>
}

type Webhook = NonNullable<NonNullable<AccessForm['notify']>['webhooks']>[number]
type Hours = NonNullable<AccessForm['hours']>

export interface SoundHours {
  readonly spans: SoundList<Hours['spans'][number]>
  readonly holidays: SoundList<string>
}

export interface SoundEntitlement {
  readonly risk: EntitlementForm['risk'] | undefined
  readonly parameters: EntitlementForm['parameters']
  /** Which of the two it has, sound or not. */
  readonly declared: { readonly statements: boolean; readonly managedPolicy: boolean }
  /** Its own, or those of the AWS-managed policy. */
  readonly statements: SoundList<StatementTemplate>
  /** Undefined when there is none, or its ARN is broken. */
  readonly managedPolicy: ManagedPolicy | undefined
  /** Whether the policy itself is attached, and whether it is said why. */
  readonly asIs: { readonly isAsked: boolean; readonly isExplained: boolean }
  /** Undefined when they are broken; no fences when there are none. */
  readonly fences: NonNullable<EntitlementForm['fences']> | undefined
  readonly acknowledged: SoundList<NonNullable<EntitlementForm['acknowledged']>[number]>
  readonly duration: EntitlementForm['duration'] | undefined
  readonly rules: SoundList<EntitlementForm['rules'][number]>
  readonly approval: SoundApproval
  readonly automatic: SoundList<NonNullable<EntitlementForm['automatic']>[number]>
  /** Undefined when there is none. */
  readonly breakGlass: SoundBreakGlass | undefined
  readonly caps: EntitlementForm['caps']
}

export function soundPartsOf(raw: unknown, readBeside: ReadBeside): SoundParts {
  const file = mapOf(raw)
  const people = mapOf(file.people)
  const groups = mapOf(file.groups)
  return {
    declared: { people: Object.keys(people), groups: Object.keys(groups) },
    people: each(people, person => sound($person, person)),
    groups: each(groups, members => listOf($memberRef, members)),
    admins: listOf($memberRef, file.admins),
    auditors: listOf($memberRef, file.auditors),
    shortestGrant: sound($duration, mapOf(file.limits).shortestGrant),
    hours: file.hours === undefined ? undefined : soundHours(mapOf(file.hours)),
    delegations: listOf($delegation, file.delegations),
    webhooks: listOf($notify.shape.webhooks.unwrap().element, mapOf(file.notify).webhooks),
    findings: soundFindings(mapOf(file.findings)),
    entitlements: each(mapOf(file.entitlements), entitlement => soundEntitlement(entitlement, readBeside)),
  }
}

function soundEntitlement(raw: unknown, readBeside: ReadBeside): SoundEntitlement {
  const { risk, parameters, statements, managedPolicy, fences, acknowledged, duration, rules } = mapOf(raw)
  const { approval, automatic, breakGlass, caps, attach, because } = mapOf(raw)
  return {
    risk: sound($entitlement.shape.risk, risk),
    parameters: parameters === undefined ? {} : sound($parameters, parameters),
    ...soundStatements(statements, managedPolicy, attach !== undefined, readBeside),
    asIs: { isAsked: attach !== undefined, isExplained: because !== undefined },
    fences: fences === undefined ? {} : sound($fences, fences),
    acknowledged: listOf($acknowledgement, acknowledged),
    duration: sound($durationRange, duration),
    rules: listOf($rule, rules),
    approval: soundApproval(mapOf(approval)),
    automatic: listOf($automatic, automatic),
    breakGlass: breakGlass === undefined ? undefined : soundBreakGlass(mapOf(breakGlass)),
    caps: sound($caps, caps),
  }
}

function soundHours({ spans, holidays }: Readonly<Record<string, unknown>>): SoundHours {
  return {
    spans: listOf($hours.shape.spans.element, spans),
    holidays: listOf($hours.shape.holidays.unwrap().element, holidays),
  }
}

function soundStatements(own: unknown, managed: unknown, isAsIs: boolean, readBeside: ReadBeside) {
  const declared = { statements: own !== undefined, managedPolicy: managed !== undefined }
  if (declared.statements || !declared.managedPolicy)
    return { declared, statements: listOf($statement, own), managedPolicy: undefined }
  const arn = sound($managedPolicyArn, managed)
  const managedPolicy = arn === undefined ? undefined : copyOf(arn, readBeside, isAsIs)
  return {
    declared,
    statements: managedPolicy?.outcome === 'copied' ? managedPolicy.statements : [undefined],
    managedPolicy,
  }
}
