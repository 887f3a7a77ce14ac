import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { concrete } from './concrete.ts'

const ROOT = join(import.meta.dirname, '..', '..')
/** Everything the template depends on. */
const SOURCES = [
  'lib',
  'lambdas',
  'access.yaml',
  'cdk.json',
  'package.json',
  'package-lock.json',
  'test/support/synthesize.ts',
]

const $resource = z.object({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
  DependsOn: z.union([z.string(), z.array(z.string())]).optional(),
  DeletionPolicy: z.string().optional(),
  UpdateReplacePolicy: z.string().optional(),
  Metadata: z.record(z.string(), z.unknown()).default({}),
})
export const $template = z.object({ Resources: z.record(z.string(), $resource) })
const $synthesis = z.object({
  template: $template,
  bundles: z.record(z.string(), z.number()),
  warnings: z.array(z.string()),
})

export interface Resource {
  readonly id: string
  readonly type: string
  /** The path of its construct below the stack: `Elevation/Applier/Role`. */
  readonly path: string
  /** With every reference resolved, as CloudFormation would fill it in. */
  readonly properties: Readonly<Record<string, unknown>>
  readonly deletionPolicy: string | undefined
}

export interface Synthesized {
  /** As it is deployed, references and all. */
  readonly template: z.infer<typeof $template>
  readonly resources: readonly Resource[]
  /** Bytes of the bundle of each handler. */
  readonly bundles: Readonly<Record<string, number>>
  readonly warnings: readonly string[]
}

/** The synthesized stack. Bundling 15 functions takes seconds, so the same sources are synthesized once, in a process of their own. */
export function synthesized(): Synthesized {
  const folder = join(tmpdir(), `lapse-synthesized-${process.getuid?.() ?? 0}`)
  const file = join(folder, `${hashOfSources()}.json`)
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const unfinished = `${file}.${process.pid}`
    execFileSync(process.execPath, [join(import.meta.dirname, 'synthesize.ts'), unfinished], { stdio: 'inherit' })
    renameSync(unfinished, file)
  }
  const { template, bundles, warnings } = $synthesis.parse(JSON.parse(readFileSync(file, 'utf8')))
  return { template, resources: resourcesOf(template), bundles, warnings }
}

/** The resources of a template, with every reference resolved. */
export function resourcesOf(template: z.infer<typeof $template>): readonly Resource[] {
  const properties = concrete(template.Resources)
  return Object.entries(template.Resources).map(([id, { Type, DeletionPolicy, Metadata }]) => ({
    id,
    type: Type,
    path: String(Metadata['aws:cdk:path'] ?? id)
      .replace(/^[^/]+\//, '')
      .replace(/\/Resource$/, ''),
    properties: properties[id] ?? {},
    deletionPolicy: DeletionPolicy,
  }))
}

function hashOfSources(): string {
  const hash = createHash('sha256')
  for (const source of SOURCES) {
    const path = join(ROOT, source)
    const files = source.includes('.') ? [path] : filesBelow(path)
    for (const file of files) hash.update(`${file}\n`).update(readFileSync(file))
  }
  return hash.digest('hex').slice(0, 32)
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))
    .sort()
}
