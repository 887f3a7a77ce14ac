import { $approval } from './approval-schema.ts'
import { $duration, $memberRef } from './formats.ts'
import type { EntitlementForm } from './schema.ts'
import { listOf, mapOf, type SoundList, sound } from './sound-values.ts'

/** The approval with its parts on their own. `stages` is empty when it is broken or missing. */
export interface SoundApproval extends Sound<Omit<EntitlementForm['approval'], 'stages'>> {
  /** Keys that are there, sound or not. */
  readonly declared: readonly string[]
  readonly stages: readonly SoundStage[]
}

/** A form whose broken and missing values are undefined. */
type Sound<Form> = { readonly [Key in keyof Form]-?: Form[Key] | undefined }

export interface SoundStage {
  readonly name: string | undefined
  readonly approvers: SoundList<string>
  /** Undefined when there is none. */
  readonly escalateTo: SoundList<string> | undefined
}

export interface SoundBreakGlass {
  readonly allow: SoundList<string>
  readonly maximum: string | undefined
  readonly reviewers: SoundList<string>
  readonly reviewWithin: string | undefined
}

export function soundApproval({ stages, ...raw }: Readonly<Record<string, unknown>>): SoundApproval {
  const { remindAfter, escalateAfter, unansweredAfter, within, assurance, mfa, code } = $approval.shape
  return {
    declared: Object.keys(raw),
    stages: Array.isArray(stages) ? stages.map(stage => soundStage(mapOf(stage))) : [],
    remindAfter: sound(remindAfter, raw.remindAfter),
    escalateAfter: sound(escalateAfter, raw.escalateAfter),
    unansweredAfter: sound(unansweredAfter, raw.unansweredAfter),
    within: sound(within, raw.within),
    assurance: sound(assurance, raw.assurance),
    mfa: sound(mfa, raw.mfa),
    code: sound(code, raw.code),
  }
}

function soundStage({ name, approvers, escalateTo }: Readonly<Record<string, unknown>>): SoundStage {
  return {
    name: sound($approval.shape.stages.element.shape.name, name),
    approvers: listOf($memberRef, approvers),
    escalateTo: escalateTo === undefined ? undefined : listOf($memberRef, escalateTo),
  }
}

export function soundBreakGlass({
  allow,
  maximum,
  reviewers,
  reviewWithin,
}: Readonly<Record<string, unknown>>): SoundBreakGlass {
  return {
    allow: listOf($memberRef, allow),
    maximum: sound($duration, maximum),
    reviewers: listOf($memberRef, reviewers),
    reviewWithin: sound($duration, reviewWithin),
  }
}
