import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { $FaultReport, type FaultReport } from './fault-report.ts'
import type { FaultRunOptions } from './fault-run-options.ts'

const SCRIPT = join(import.meta.dirname, 'fault-run-process.ts')

/**
 * A run outside Jest: in its VM every global is looked up through the sandbox, and a life took 108 ms where it takes 42 ms in Node
 * itself. How far it is goes to this process's stderr.
 */
export function faultRunApart(options: FaultRunOptions): Promise<FaultReport> {
  const child = spawn(process.execPath, [SCRIPT, JSON.stringify(options)], { stdio: ['ignore', 'pipe', 'inherit'] })
  const chunks: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', code => {
      if (code === 0) resolve($FaultReport.parse(JSON.parse(Buffer.concat(chunks).toString())))
      else reject(new Error(`the run ended with code ${code}; what went wrong is above`))
    })
  })
}
