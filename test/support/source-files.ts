import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

export const PROJECT = join(import.meta.dirname, '..', '..')

const NOT_OURS = new Set(['.git', '.lapse', 'node_modules', 'cdk.out', 'coverage', '__pycache__'])
const BINARY = /\.(?:png|jpg|ico|gz|zst|parquet)$/

/** A file of the repository, its path relative to the root. */
export interface SourceFile {
  readonly path: string
  readonly text: string
}

/** Every text file of the repository, made ones left out. */
export function repositoryFiles(folder = '.'): readonly SourceFile[] {
  return readdirSync(join(PROJECT, folder), { withFileTypes: true }).flatMap(entry => {
    const path = join(folder, entry.name)
    if (NOT_OURS.has(entry.name) || entry.name.endsWith('.log')) return []
    if (entry.isDirectory()) return repositoryFiles(path)
    return BINARY.test(path) ? [] : [{ path, text: readFileSync(join(PROJECT, path), 'utf8') }]
  })
}

export interface Import {
  /** What stands in quotes, or for a relative import the path it leads to. */
  readonly to: string
  readonly isRelative: boolean
  readonly isTypeOnly: boolean
}

const IMPORT =
  /^(?:import|export)\s+(?:(?<type>type\s+)?(?:\w+\s*,?\s*)?(?:\{[^}]*\}|\*(?:\s+as\s+\w+)?)?\s*from\s+)?'(?<to>[^'\n]+)'/gm

/** The imports of a TypeScript file, re-exports included. */
export function importsOf({ path, text }: SourceFile): readonly Import[] {
  return [...text.matchAll(IMPORT)].map(({ groups }) => {
    const to = groups?.to ?? ''
    const isRelative = to.startsWith('.')
    return {
      to: isRelative ? relative('.', join(dirname(path), to)) : to,
      isRelative,
      isTypeOnly: groups?.type !== undefined,
    }
  })
}

/** The code of a TypeScript file without comments and without what stands in quotes. */
export function codeOf({ text }: SourceFile): string {
  return text
    .replaceAll(/\/\*[\s\S]*?\*\//g, '')
    .replaceAll(/'(?:[^'\\\n]|\\.)*'/g, "''")
    .replaceAll(/"(?:[^"\\\n]|\\.)*"/g, '""')
    .replaceAll(/`(?:[^`\\$]|\\.|\$(?!\{))*`/g, '``')
    .replaceAll(/(?<!:)\/\/.*$/gm, '')
}
