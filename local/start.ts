import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import * as z from 'zod/mini'
import { loadAccessFile } from '../lib/access-file/load.ts'
import { DEFAULT_PORT, LocalFiles, type LocalHouse, PROJECT } from './local-house.ts'
import { isPortTaken } from './ports.ts'
import { startScreen } from './start-screen.ts'
import { KEEPER, livingPids, stopHouse } from './stop-house.ts'

/** `npm start`: boots the house, leaves it running and gives the shell back. LAPSE_PORT and LAPSE_ACCESS choose. */
const $Message = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('log'), line: z.string() }),
  z.object({ kind: z.literal('ready') }),
  z.object({ kind: z.literal('failed'), message: z.string() }),
])

const files = new LocalFiles()
process.exitCode = await start().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  return 1
})

async function start(): Promise<number> {
  const port = portFrom(process.env.LAPSE_PORT)
  const accessFile = resolve(PROJECT, process.env.LAPSE_ACCESS ?? 'access.yaml')
  const living = livingPids(files)
  if (living) return alreadyRunning(living.port)
  files.remove()
  loadAccessFile(accessFile)
  if (await isPortTaken(port)) {
    throw new Error(`Port ${port} is already in use; stop what listens there or choose another port with LAPSE_PORT.`)
  }

  const keeper = spawnKeeper(accessFile, port)
  if (keeper.pid === undefined) throw new Error('The house could not be started.')
  files.writePids({ keeper: keeper.pid, port })
  const outcome = await Promise.race([whenReady(keeper), whenInterrupted()])
  if (outcome === 'ready') {
    keeper.disconnect()
    keeper.unref()
    process.stdout.write(screen(files.readLocal()))
    return 0
  }
  await stopHouse(files, { keeper: keeper.pid, port })
  if (outcome === 'interrupted') process.stderr.write('\nInterrupted; nothing is left running.\n')
  else process.stderr.write(`${outcome.failed}\n`)
  return outcome === 'interrupted' ? 130 : 1
}

function portFrom(text: string | undefined): number {
  if (text === undefined || text === '') return DEFAULT_PORT
  const port = Number(text)
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port
  throw new Error(`LAPSE_PORT must be a port such as ${DEFAULT_PORT}, not ${text}.`)
}

function alreadyRunning(port: number): number {
  const local = files.readLocal()
  if (!local) {
    process.stderr.write(`Lapse is just being started on port ${port}; npm stop ends that.\n`)
    return 1
  }
  process.stdout.write(`Lapse is already running on port ${port}.\n\n${screen(local)}`)
  return 0
}

function screen(local: LocalHouse | undefined): string {
  if (!local) throw new Error(`${files.local} is missing.`)
  const { access } = loadAccessFile(local.accessFile)
  const near = (file: string) => relative(process.cwd(), file) || file
  return startScreen(local, access, { access: near(local.accessFile), local: near(files.local), log: near(files.log) })
}

/** In a process group of its own, so that Ctrl-C here is ours to pass on; the channel ties it to this process until it is ready. */
function spawnKeeper(accessFile: string, port: number): ChildProcess {
  const log = openSync(files.log, 'w')
  const keeper = spawn(process.execPath, [KEEPER, accessFile, String(port)], {
    cwd: PROJECT,
    detached: true,
    stdio: ['ignore', log, log, 'ipc'],
  })
  closeSync(log)
  return keeper
}

function whenReady(keeper: ChildProcess): Promise<'ready' | { failed: string }> {
  return new Promise(settle => {
    keeper.on('message', received => {
      const message = $Message.parse(received)
      if (message.kind === 'log') process.stderr.write(`${message.line}\n`)
      else settle(message.kind === 'ready' ? 'ready' : { failed: message.message })
    })
    keeper.once('error', ({ message }) => settle({ failed: `The house could not be started: ${message}` }))
    keeper.once('exit', () => settle({ failed: `The house ended while it was starting; ${files.log} says why.` }))
  })
}

function whenInterrupted(): Promise<'interrupted'> {
  return new Promise(settle => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => settle('interrupted'))
  })
}
