import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from '@jest/globals'

const APP = join(import.meta.dirname, '..', '..', 'bin', 'lapse-app.ts')
const folder = mkdtempSync(join(tmpdir(), 'lapse-app-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** The app as the CDK's command line starts it: in the folder it is called in, with the output folder relative to that. */
function started(context: Readonly<Record<string, string>>) {
  const CDK_CONTEXT_JSON = JSON.stringify(context)
  const env = { ...process.env, CDK_OUTDIR: 'cdk.out', CDK_CONTEXT_JSON }
  const { status, stderr } = spawnSync(process.execPath, [APP], { cwd: folder, env, encoding: 'utf8' })
  return { status, stderr }
}

describe('the app, as `cdk` starts it', () => {
  it('OPS-01 is synthesized into a folder that is named relatively, with the code of its functions', () => {
    const { status, stderr } = started({ retentionDays: '1' })

    expect([status, status === 0 ? '' : stderr]).toEqual([0, ''])
    const assets = readdirSync(join(folder, 'cdk.out')).filter(name => name.startsWith('asset.'))
    expect(existsSync(join(folder, 'cdk.out', 'Lapse.template.json'))).toBe(true)
    expect(assets.filter(name => existsSync(join(folder, 'cdk.out', name, 'index.js'))).length).toBeGreaterThan(30)
  }, 120_000)

  it('OPS-01 says what is wrong with its context, and makes nothing', () => {
    const { status, stderr } = started({ retentiondays: '1', attachmentsPerUser: 'abc' })

    expect(status).toBe(1)
    expect(stderr).toMatch(/-c attachmentsPerUser=abc: it must be a whole number/)
    expect(stderr).toMatch(/-c retentiondays=…: there is no such context; did you mean retentionDays/)
  })
})
