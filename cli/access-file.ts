import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { AccessFile } from '../lambdas/domain/access-file.ts'
import { filesBeside, type ParseResult, parseAccessFile } from '../lib/access-file/load.ts'
import { AccessFileError } from '../lib/access-file/problem.ts'
import { reasonOf, WrongUseError } from './errors.ts'
import type { Surroundings } from './surroundings.ts'

export const DEFAULT_FILE = 'access.yaml'

export interface ReadAccess {
  readonly access: AccessFile
  readonly hash: string
}

/** The access file, or all its problems. @throws WrongUseError when there is no such file. */
export function parsedFile(file: string, { workingFolder }: Pick<Surroundings, 'workingFolder'>): ParseResult {
  try {
    const path = resolve(workingFolder, file)
    return parseAccessFile(readFileSync(path, 'utf8'), file, filesBeside(path))
  } catch (cause) {
    throw new WrongUseError(`the access file cannot be read: ${reasonOf(cause)}`, { cause })
  }
}

/** The access file of a command that needs a sound one. @throws AccessFileError with every problem. */
export function soundFile(file: string, surroundings: Pick<Surroundings, 'workingFolder'>): ReadAccess {
  const parsed = parsedFile(file, surroundings)
  if (parsed.outcome === 'invalid') throw new AccessFileError(file, parsed.problems)
  return parsed
}

/** The access file of the folder, if there is a sound one. */
export function fileOfFolder(surroundings: Pick<Surroundings, 'workingFolder'>): ReadAccess | undefined {
  if (!existsSync(resolve(surroundings.workingFolder, DEFAULT_FILE))) return undefined
  const parsed = parsedFile(DEFAULT_FILE, surroundings)
  return parsed.outcome === 'valid' ? parsed : undefined
}
