import { ceilingBoundary } from '../lib/iam/ceiling.ts'

/** Prints the permissions boundary for people, for the stack of this name: `npx node bin/print-ceiling.ts Lapse`. */
const [, , stackName = 'Lapse'] = process.argv
process.stdout.write(`${JSON.stringify(ceilingBoundary(stackName), null, 2)}\n`)
