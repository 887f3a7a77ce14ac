import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { AccessFile } from '../../lambdas/domain/access-file.ts'
import { digest } from '../../lambdas/domain/digest.ts'
import { withAllowedActions } from '../allowed-actions/with-allowed-actions.ts'
import { absenceFlaws } from './absences.ts'
import { acknowledgementFlaws } from './acknowledgements.ts'
import { approverFlaws } from './approvers.ts'
import { assuranceFlaws } from './assurance.ts'
import { automaticFlaws } from './automatic.ts'
import { capFlaws } from './caps.ts'
import { delegationFlaws } from './delegations.ts'
import { easierWayFlaws } from './easier-ways.ts'
import { emergencyFlaws } from './emergencies.ts'
import { findingFlaws } from './finding-flaws.ts'
import { type Flaw, toPathText } from './flaw.ts'
import { hoursFlaws } from './hours.ts'
import type { ReadBeside } from './managed-policy.ts'
import { managedPolicyFlaws } from './managed-policy-flaws.ts'
import { namedInVainFlaws } from './named-in-vain.ts'
import { longestPerson, peopleFlaws } from './people.ts'
import { exampleFlaws, policySizeFlaws } from './policy-size.ts'
import { positionOf } from './positions.ts'
import { AccessFileError, type Problem } from './problem.ts'
import { cycleFlaws, referenceFlaws } from './references.ts'
import { ruleFlaws } from './rules.ts'
import { $accessForm } from './schema.ts'
import { schemaFlaws } from './schema-flaws.ts'
import { type SoundParts, soundPartsOf } from './sound-parts.ts'
import { stageFlaws } from './stages.ts'
import { statementFlaws } from './statements.ts'
import { timeLimitFlaws } from './time-limits.ts'
import { toAccessFile } from './to-access-file.ts'
import { webhookFlaws } from './webhooks.ts'
import { readYaml } from './yaml-text.ts'

export type ParseResult =
  | { readonly outcome: 'valid'; readonly access: AccessFile; readonly hash: string }
  | { readonly outcome: 'invalid'; readonly problems: readonly Problem[] }

/**
 * Reads the access file at synth.
 *
 * @returns the file as the service reads it, and the SHA-256 of its canonical form: comments, order and layout do not count.
 * @throws AccessFileError listing every problem as `access.yaml:12:5 path: message. Fix: what to do.`
 */
export function loadAccessFile(path: string): { readonly access: AccessFile; readonly hash: string } {
  const result = parseAccessFile(readText(path), path, filesBeside(path))
  if (result.outcome === 'invalid') throw new AccessFileError(path, result.problems)
  return { access: result.access, hash: result.hash }
}

/**
 * Reads the text of an access file, or lists all its problems in the order of the text. `fileName` is what problems call it;
 * `readBeside` gives the files an access file may name.
 */
export function parseAccessFile(text: string, fileName: string, readBeside: ReadBeside): ParseResult {
  const { document, lines, problems } = readYaml(text)
  // Positions and parts of a broken text are guesses: what else is wrong shows once it is YAML.
  if (problems.length > 0) return { outcome: 'invalid', problems }
  if (document.contents === null) return { outcome: 'invalid', problems: [emptyFile(fileName)] }

  const raw: unknown = document.toJS()
  const checked = check(raw, readBeside)
  if (checked.outcome === 'valid') return checked
  const placed = checked.flaws.map(flaw => ({
    ...positionOf(document, lines, flaw),
    path: toPathText(flaw.path),
    message: flaw.message,
    fix: flaw.fix,
  }))
  return { outcome: 'invalid', problems: placed.sort((a, b) => a.line - b.line || a.column - b.column) }
}

function check(
  raw: unknown,
  readBeside: ReadBeside,
): Extract<ParseResult, { outcome: 'valid' }> | { outcome: 'invalid'; flaws: readonly Flaw[] } {
  const form = $accessForm.safeParse(raw)
  const parts = soundPartsOf(raw, readBeside)
  const flaws = [...schemaFlaws(raw), ...flawsBetweenParts(parts)]
  if (!form.success || flaws.length > 0) return { outcome: 'invalid', flaws }

  const access = toAccessFile(form.data, parts)
  const people = flawsBetweenPeople(access)
  if (people.length > 0) return { outcome: 'invalid', flaws: people }
  return { outcome: 'valid', access: withAllowedActions(access), hash: digest(JSON.parse(JSON.stringify(access))) }
}

function flawsBetweenParts(parts: SoundParts): readonly Flaw[] {
  return [
    ...referenceFlaws(parts),
    ...cycleFlaws(parts),
    ...peopleFlaws(parts),
    ...hoursFlaws(parts),
    ...delegationFlaws(parts),
    ...webhookFlaws(parts),
    ...findingFlaws(parts),
    ...Object.entries(parts.entitlements).flatMap(([id, entitlement]) => [
      ...ruleFlaws(id, entitlement),
      ...timeLimitFlaws(id, entitlement, parts.shortestGrant),
      ...stageFlaws(id, entitlement),
      ...assuranceFlaws(id, entitlement),
      ...automaticFlaws(id, entitlement, parts.shortestGrant),
      ...emergencyFlaws(id, entitlement, parts.shortestGrant),
      ...capFlaws(id, entitlement, parts.shortestGrant),
      ...statementFlaws(id, entitlement),
      ...managedPolicyFlaws(id, entitlement),
      ...acknowledgementFlaws(id, entitlement),
      ...exampleFlaws(id, entitlement),
      ...policySizeFlaws(id, entitlement, longestPerson(parts)),
    ]),
  ]
}

/** What can be counted only once every name is known: who is left to approve, and who comes to what by which way. */
function flawsBetweenPeople(access: AccessFile): readonly Flaw[] {
  const shortHanded = approverFlaws(access)
  const absent = shortHanded.length > 0 ? [] : absenceFlaws(access)
  return [...shortHanded, ...absent, ...namedInVainFlaws(access), ...easierWayFlaws(access)]
}

function emptyFile(fileName: string): Problem {
  return {
    line: 1,
    column: 1,
    path: '',
    message: `${fileName} is empty`,
    fix: 'start from the access.yaml of the project',
  }
}

/** Reads what lies beside the access file of that path. */
export function filesBeside(path: string): ReadBeside {
  return file => {
    const beside = join(dirname(path), file)
    return existsSync(beside) ? readText(beside) : undefined
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    const problem = { line: 1, column: 1, path: '', message: `the file cannot be read: ${reason}` }
    throw new AccessFileError(path, [{ ...problem, fix: 'give the path of an access file' }], { cause })
  }
}
