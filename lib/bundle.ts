import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildSync } from 'esbuild'
import type { CheckedAccess } from './checked-access.ts'

const ROOT = join(import.meta.dirname, '..')

/**
 * Bundles a handler into one file and gives its folder. CommonJS starts 10 to 20 % faster than ESM; the `module` sources of the SDK
 * are what can be shaken; nothing is left to the runtime's own SDK, whose version would change under us. esbuild is called in this
 * process: through the CDK's own construct each function costs a process of a package manager, some 2 s.
 */
export function bundle(folder: string, outdir: string, checked: CheckedAccess): string {
  const to = join(outdir, '.bundles', `${folder}-${checked.hash.slice(0, 16)}`)
  buildSync({
    entryPoints: [join(ROOT, 'lambdas', 'handlers', folder, 'index.ts')],
    outfile: join(to, 'index.js'),
    absWorkingDir: ROOT,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    minify: true,
    mainFields: ['module', 'main'],
    legalComments: 'none',
    logLevel: 'warning',
    alias: {
      '#access': accessModule(outdir, checked),
      '@aws-sdk/credential-provider-node': join(ROOT, 'lambdas', 'runtime', 'environment-credentials.ts'),
    },
  })
  return to
}

/** Writes the access file as the module `#access` of the bundles; the same content gives the same file. */
function accessModule(outdir: string, { access, hash }: CheckedAccess): string {
  const folder = join(outdir, '.access')
  const file = join(folder, `${hash}.mjs`)
  mkdirSync(folder, { recursive: true })
  writeFileSync(
    file,
    `export const access = ${JSON.stringify(access)}\nexport const accessHash = ${JSON.stringify(hash)}\n`,
  )
  return file
}
