import { readFileSync, writeFileSync } from 'node:fs'
import { COMMANDS } from '../cli/commands.ts'
import { manual } from '../cli/manual.ts'

const page = new URL('../docs/cli.md', import.meta.url)
writeFileSync(page, await manual(readFileSync(page, 'utf8'), COMMANDS))
