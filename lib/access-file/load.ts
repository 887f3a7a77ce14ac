import { readFileSync } from 'node:fs'
import type { AccessFile } from '../../lambdas/domain/access-file.ts'
import { digest } from '../../lambdas/domain/digest.ts'
import { acknowledgementFlaws } from './acknowledgements.ts'
import { approverFlaws } from './approvers.ts'
import { type Flaw, toPathText } from './flaw.ts'
import { peopleFlaws } from './people.ts'
import { exampleFlaws, policySizeFlaws } from './policy-size.ts'
import { positionOf } from './positions.ts'
import { AccessFileError, type Problem } from './problem.ts'
import { cycleFlaws, referenceFlaws } from './references.ts'
import { ruleFlaws } from './rules.ts'
import { $accessForm } from './schema.ts'
import { schemaFlaws } from './schema-flaws.ts'
import { soundPartsOf } from './sound-parts.ts'
import { statementFlaws } from './statements.ts'
import { timeLimitFlaws } from './time-limits.ts'
import { toAccessFile } from './to-access-file.ts'
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
  const result = parseAccessFile(readText(path), path)
  if (result.outcome === 'invalid') throw new AccessFileError(path, result.problems)
  return { access: result.access, hash: result.hash }
}

/** Reads the text of an access file, or lists all its problems in the order of the text. `fileName` is what problems call it. */
export function parseAccessFile(text: string, fileName: string): ParseResult {
  const { document, lines, problems } = readYaml(text)
  // Positions and parts of a broken text are guesses: what else is wrong shows once it is YAML.
  if (problems.length > 0) return { outcome: 'invalid', problems }
  if (document.contents === null) return { outcome: 'invalid', problems: [emptyFile(fileName)] }

  const raw: unknown = document.toJS()
  const checked = check(raw)
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
): Extract<ParseResult, { outcome: 'valid' }> | { outcome: 'invalid'; flaws: readonly Flaw[] } {
  const form = $accessForm.safeParse(raw)
  const flaws = [...schemaFlaws(raw), ...flawsBetweenParts(raw)]
  if (!form.success || flaws.length > 0) return { outcome: 'invalid', flaws }

  // Who is left to approve can be counted only once every name is known.
  const access = toAccessFile(form.data)
  const shortHanded = approverFlaws(access)
  if (shortHanded.length > 0) return { outcome: 'invalid', flaws: shortHanded }
  return { outcome: 'valid', access, hash: digest(JSON.parse(JSON.stringify(access))) }
}

function flawsBetweenParts(raw: unknown): readonly Flaw[] {
  const parts = soundPartsOf(raw)
  return [
    ...referenceFlaws(parts),
    ...cycleFlaws(parts),
    ...peopleFlaws(parts),
    ...Object.entries(parts.entitlements).flatMap(([id, entitlement]) => [
      ...ruleFlaws(id, entitlement),
      ...timeLimitFlaws(id, entitlement, parts.shortestGrant),
      ...statementFlaws(id, entitlement),
      ...acknowledgementFlaws(id, entitlement),
      ...exampleFlaws(id, entitlement),
      ...policySizeFlaws(id, entitlement),
    ]),
  ]
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

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    const problem = { line: 1, column: 1, path: '', message: `the file cannot be read: ${reason}` }
    throw new AccessFileError(path, [{ ...problem, fix: 'give the path of an access file' }], { cause })
  }
}
