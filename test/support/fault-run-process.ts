import { reportOf } from './fault-report.ts'
import { faultRun } from './fault-run.ts'
import { $FaultRunOptions } from './fault-run-options.ts'

/** One run in a process of its own: options as JSON, how far it is on stderr, its report as JSON on stdout. */
const options = $FaultRunOptions.parse(JSON.parse(process.argv[2] ?? ''))
const run = await faultRun(options, lived => process.stderr.write(`${lived} of ${options.lifecycles} lives\n`))
process.stdout.write(JSON.stringify(reportOf(run)))
