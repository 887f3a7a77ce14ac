import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { App, type AppProps } from 'aws-cdk-lib'
import { Annotations, Match } from 'aws-cdk-lib/assertions'
import { z } from 'zod'
import { loadAccessFile } from '../../lib/access-file/load.ts'
import { LapseStack, type LapseStackProps } from '../../lib/lapse-stack.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const $cdkJson = z.object({ context: z.record(z.string(), z.unknown()) })

/** The app as `cdk synth` builds it without credentials, in a folder of its own. */
export function lapseApp(props: Partial<LapseStackProps> = {}, appProps: AppProps = {}) {
  const { context } = $cdkJson.parse(JSON.parse(readFileSync(join(ROOT, 'cdk.json'), 'utf8')))
  const outdir = mkdtempSync(join(tmpdir(), 'lapse-synth-'))
  const app = new App({ ...appProps, outdir, context: { ...context, 'aws:cdk:enable-path-metadata': true } })
  const stack = new LapseStack(app, 'Lapse', {
    ...loadAccessFile(join(ROOT, 'access.yaml')),
    archiveRetentionDays: 400,
    ...props,
  })
  return { app, stack, outdir }
}

/** What one synthesis gives: the template, the bytes of each function's bundle, and what it says to whoever deploys. */
export function synthesize() {
  const { app, stack, outdir } = lapseApp()
  try {
    const { template } = app.synth({ skipValidation: true }).getStackByName('Lapse')
    const [ofAccess = ''] = readdirSync(join(outdir, '.bundles'))
    const bundles = readdirSync(join(outdir, '.bundles', ofAccess)).map(folder => {
      const { size } = statSync(join(outdir, '.bundles', ofAccess, folder, 'index.js'))
      return [folder, size] as const
    })
    const warnings = Annotations.fromStack(stack).findWarning('*', Match.anyValue())
    const written: unknown = template
    return {
      template: written,
      bundles: Object.fromEntries(bundles),
      warnings: warnings.map(({ entry }) => String(entry.data)),
    }
  } finally {
    rmSync(outdir, { recursive: true, force: true })
  }
}

if (import.meta.main) {
  const [, , file = ''] = process.argv
  writeFileSync(file, JSON.stringify(synthesize()))
}
