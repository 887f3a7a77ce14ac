import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { COMMANDS } from '../../cli/commands.ts'
import { manual } from '../../cli/manual.ts'
import { PROJECT } from '../support/source-files.ts'

const page = readFileSync(join(PROJECT, 'docs', 'cli.md'), 'utf8')

describe('docs/cli.md', () => {
  it('CLI-01 is what --help says (else: npm run manual)', async () => {
    expect(page).toBe(await manual(page, COMMANDS))
  })

  it('CLI-01 has a section for every command', () => {
    for (const { name } of COMMANDS) expect(page).toContain(`\n## \`lapse ${name}\`\n`)
  })
})
