import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ACCOUNT_ID, emulatorEnvironment, REGION, ROOT_CREDENTIALS } from './emulator-environment.ts'
import { emulatorVenv } from './emulator-venv.ts'
import { freePort, isPortTaken } from './ports.ts'
import { isGroupAlive, signalGroup } from './process-group.ts'

const LAUNCHER = join(import.meta.dirname, 'emulator', 'launcher.py')
const START_TIMEOUT_MS = 60_000
const STOP_GRACE_MS = 5_000
const LOG_TAIL_LINES = 20

export interface Emulator {
  readonly endpointUrl: string
  readonly port: number
  readonly pid: number
  readonly region: string
  readonly accountId: string
  readonly rootCredentials: { accessKeyId: string; secretAccessKey: string }
  stop(): Promise<void>
}

export interface EmulatorOptions {
  /** Where the venv, the server's log and its temporary files live, e.g. `<repo>/.lapse`. */
  stateFolder: string
  /** Default: a free one. */
  port?: number
  log: (line: string) => void
  /** A detached emulator outlives this process and is ended by `stopEmulatorByPid`. */
  detached?: boolean
  /** More environment for the server, e.g. `SMTP_HOST`. */
  env?: Record<string, string>
}

/** Boots the emulator on 127.0.0.1 and resolves when it answers; everything else about it is its process group. */
export async function startEmulator(options: EmulatorOptions): Promise<Emulator> {
  const port = options.port ?? (await freePort())
  if (await isPortTaken(port)) {
    throw new Error(`Port ${port} is already in use; stop what listens there or choose another port with LAPSE_PORT`)
  }
  const python = await emulatorVenv(options.stateFolder, options.log)
  const logFile = join(options.stateFolder, `emulator-${port}.log`)
  // Outside the project: Lambda code unpacked inside it would see its package.json (ES modules) and its node_modules.
  const temporaryFolder = join(tmpdir(), `lapse-emulator-${port}`)
  rmSync(temporaryFolder, { recursive: true, force: true })
  mkdirSync(temporaryFolder, { recursive: true })

  const child = launch(python, logFile, { ...emulatorEnvironment(port, temporaryFolder), ...options.env }, options)
  const pid = child.pid
  if (pid === undefined) throw new Error(`The emulator could not be started with ${python}`)
  const stop = async () => {
    await stopEmulatorByPid(pid)
    rmSync(temporaryFolder, { recursive: true, force: true })
  }

  const endpointUrl = `http://127.0.0.1:${port}`
  if (!(await becomesHealthy(endpointUrl, child))) {
    await stop()
    throw new Error(`The emulator did not come up; the end of ${logFile}:\n${await tail(logFile)}`)
  }
  return { endpointUrl, port, pid, region: REGION, accountId: ACCOUNT_ID, rootCredentials: ROOT_CREDENTIALS, stop }
}

/** Ends the emulator and its Lambda workers (its whole process group), by force after a grace period. */
export async function stopEmulatorByPid(pid: number): Promise<void> {
  signalGroup(pid, 'SIGTERM')
  const deadline = Date.now() + STOP_GRACE_MS
  while (isGroupAlive(pid)) {
    if (Date.now() > deadline) signalGroup(pid, 'SIGKILL')
    if (Date.now() > deadline + STOP_GRACE_MS) throw new Error(`The emulator (process group ${pid}) does not end`)
    await sleep(50)
  }
}

function launch(python: string, logFile: string, env: Record<string, string>, options: EmulatorOptions): ChildProcess {
  const log = openSync(logFile, 'w')
  const detached = options.detached ?? false
  // A process group of its own, so that stopping it reaches the Lambda workers; the pipe on stdin ties it to this process.
  const child = spawn(python, [LAUNCHER, ...(detached ? [] : ['--end-with-stdin'])], {
    env,
    cwd: options.stateFolder,
    detached: true,
    stdio: [detached ? 'ignore' : 'pipe', log, log],
  })
  closeSync(log)
  child.unref()
  if (child.stdin && 'unref' in child.stdin && typeof child.stdin.unref === 'function') child.stdin.unref()
  return child
}

async function becomesHealthy(endpointUrl: string, child: ChildProcess): Promise<boolean> {
  const deadline = Date.now() + START_TIMEOUT_MS
  while (Date.now() < deadline && child.exitCode === null && child.signalCode === null) {
    const response = await fetch(`${endpointUrl}/_ministack/health`).catch(() => undefined)
    if (response?.ok) return true
    await sleep(50)
  }
  return false
}

async function tail(file: string): Promise<string> {
  return (await readFile(file, 'utf8')).split('\n').slice(-LOG_TAIL_LINES).join('\n')
}
