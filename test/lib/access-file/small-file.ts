import { existsSync, readFileSync } from 'node:fs'
import { z } from 'zod'
import type { AccessFile } from '../../../lambdas/domain/access-file.ts'
import { type ParseResult, parseAccessFile } from '../../../lib/access-file/load.ts'
import { AccessFileError } from '../../../lib/access-file/problem.ts'

/** A valid access file, small enough to see the lines the cases name. */
export const SMALL = readFileSync(new URL('./small-access.yaml', import.meta.url), 'utf8')

/** An edit of the small file. */
export const $edit = z.strictObject({ fact: z.string(), replace: z.string(), by: z.string() })

/** The small file with one text, which must be there once, replaced by another. */
export function edited(replace: string, by: string, text = SMALL): string {
  const [before, after, ...more] = text.split(replace)
  if (before === undefined || after === undefined || more.length > 0) throw new Error(`not there once: ${replace}`)
  return `${before}${by}${after}`
}

const MANAGED_POLICIES = new URL('./', import.meta.url)

/** The files beside the small file: `managed-policies/` of this folder. */
function readBeside(file: string): string | undefined {
  const url = new URL(file, MANAGED_POLICIES)
  return existsSync(url) ? readFileSync(url, 'utf8') : undefined
}

/** What the error of a broken file says, a line each and without the file's name; nothing when the file is valid. */
export function complaintsOf(text: string): readonly string[] {
  const result = parseAccessFile(text, 'access.yaml', readBeside)
  if (result.outcome === 'valid') return []
  const { message } = new AccessFileError('access.yaml', result.problems)
  return message.split('\n').map(line => line.replace('access.yaml:', ''))
}

export function validAccess(text: string): Extract<ParseResult, { outcome: 'valid' }> {
  const result = parseAccessFile(text, 'access.yaml', readBeside)
  if (result.outcome === 'invalid') throw new AccessFileError('access.yaml', result.problems)
  return result
}

export function smallAccess(): AccessFile {
  return validAccess(SMALL).access
}
