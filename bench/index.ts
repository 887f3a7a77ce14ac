import { canaries } from './canaries.ts'
import { faults, type Measured } from './faults.ts'

/** `npm run bench` runs all, `npm run bench -- NAME [arguments]` one. Each prints a table and, last, a JSON object with fixed keys. */
const BENCHMARKS: Readonly<Record<string, (args: readonly string[]) => Promise<Measured>>> = {
  canaries,
  faults,
}

const [name, ...args] = process.argv.slice(2)
const chosen = Object.entries(BENCHMARKS).filter(([each]) => name === undefined || each === name)
if (chosen.length === 0) {
  process.stderr.write(`npm run bench -- ${Object.keys(BENCHMARKS).join(' | ')}\n`)
  process.exitCode = 1
}
for (const [each, bench] of chosen) {
  const { table, keys } = await bench(args)
  const width = Math.max(...table.map(([label]) => label.length))
  process.stdout.write(`${each}\n`)
  for (const [label, value] of table) process.stdout.write(`  ${label.padEnd(width)}  ${value}\n`)
  process.stdout.write(`${JSON.stringify(keys)}\n`)
}
