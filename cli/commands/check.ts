import * as z from 'zod/mini'
import type { Problem } from '../../lib/access-file/problem.ts'
import { DEFAULT_FILE, parsedFile } from '../access-file.ts'
import { summaryOf } from '../check/summary.ts'
import { summaryText } from '../check/summary-text.ts'
import { command } from '../command.ts'
import { EXIT, type Exit } from '../exit.ts'
import { $switch, JSON_OPTION } from '../given.ts'
import { inkFor } from '../print/ink.ts'
import { printJson } from '../print/json.ts'
import type { Surroundings } from '../surroundings.ts'

export const check = command({
  name: 'check',
  does: 'read an access file: every problem with its line and remedy, or what the file says',
  examples: ['lapse check', 'lapse check our-access.yaml --json'],
  arguments: [{ form: '[file]', does: `the access file (default: ${DEFAULT_FILE})` }],
  options: [JSON_OPTION],
  given: z.object({ file: z._default(z.string(), DEFAULT_FILE), json: $switch }),
  async run({ file, json }, surroundings) {
    const parsed = parsedFile(file, surroundings)
    if (parsed.outcome === 'invalid') return told(file, parsed.problems, json, surroundings)
    const summary = summaryOf(parsed, surroundings.now())
    if (json) printJson(surroundings, { outcome: 'valid', file, ...summary })
    else surroundings.out.write(summaryText(file, summary, inkFor(surroundings.out, surroundings)))
    return EXIT.ok
  },
})

function told(file: string, problems: readonly Problem[], json: boolean, surroundings: Surroundings): Exit {
  if (json) {
    printJson(surroundings, { outcome: 'invalid', file, problems })
    return EXIT.no
  }
  const { out } = surroundings
  const ink = inkFor(out, surroundings)
  for (const { line, column, path, message, fix } of problems) {
    const place = ink('bold', `${file}:${line}:${column}`)
    out.write(`${path === '' ? place : `${place} ${path}`}: ${message}. ${ink('green', 'Fix:')} ${fix}.\n`)
  }
  out.write(ink('red', `${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}\n`))
  return EXIT.no
}
