import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { startEmulator, stopEmulatorByPid } from '../../local/emulator.ts'
import { isGroupAlive } from '../../local/process-group.ts'
import { startBareEmulator } from '../support/bare-emulator.ts'
import { createStack, inlineFunction } from '../support/cloudformation-stack.ts'
import { invokeFunction } from '../support/invoke-function.ts'

const PROJECT = join(import.meta.dirname, '..', '..')
const STATE_FOLDER = join(PROJECT, '.lapse')
const log = () => {}

let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lapse-lifecycle-'))
})

afterAll(() => rmSync(folder, { recursive: true }))

/** The addresses the processes of a group listen on, as /proc says (no tool needed). */
function listeningAddresses(groupId: number): string[] {
  const pids = execFileSync('ps', ['-eo', 'pid=,pgid='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map(line => line.trim().split(/\s+/).map(Number))
    .filter(([, group]) => group === groupId)
    .map(([pid]) => String(pid))
  const inodes = new Set(pids.flatMap(pid => socketInodesOf(pid)))
  return ['tcp', 'tcp6'].flatMap(table =>
    readFileSync(`/proc/net/${table}`, 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map(line => line.trim().split(/\s+/))
      .filter(([, , , state, , , , , , inode]) => state === '0A' && inodes.has(inode ?? ''))
      .map(([, address]) => address ?? ''),
  )
}

function socketInodesOf(pid: string): string[] {
  const links = execFileSync('sh', ['-c', `ls -l /proc/${pid}/fd 2>/dev/null || true`], { encoding: 'utf8' })
  return [...links.matchAll(/socket:\[(\d+)\]/g)].map(([, inode = '']) => inode)
}

describe('the emulator', () => {
  it('listens on the loopback interface only, and nothing else does', async () => {
    const emulator = await startBareEmulator()
    await createStack(emulator, 'functions', inlineFunction('hello', `exports.handler = async () => 'hello'`))
    expect(await invokeFunction(emulator, 'hello')).toMatchObject({ payload: 'hello' })

    const port = emulator.port.toString(16).toUpperCase().padStart(4, '0')
    expect(listeningAddresses(emulator.pid)).toEqual([`0100007F:${port}`])

    await emulator.stop()
    expect(isGroupAlive(emulator.pid)).toBe(false)
    expect(existsSync(join(tmpdir(), `lapse-emulator-${emulator.port}`))).toBe(false)
    await expect(fetch(emulator.endpointUrl)).rejects.toThrow()
  })

  it('says so when its port is taken', async () => {
    const server = createServer()
    const port = await new Promise<number>(resolve => {
      server.listen(0, '127.0.0.1', () => {
        const address = server.address()
        resolve(typeof address === 'object' && address !== null ? address.port : 0)
      })
    })

    await expect(startEmulator({ stateFolder: STATE_FOLDER, port, log })).rejects.toThrow(
      `Port ${port} is already in use`,
    )
    server.close()
  })

  it('does not start when a function it replaces has changed', () => {
    const python = join(STATE_FOLDER, 'venv-1.5.33', 'bin', 'python')
    const script = `import replacement; from ministack.core import arn; replacement.replaces(arn, 'parse_arn', 'changed')`
    const { status, stderr } = spawnSync(python, ['-c', script], {
      env: { PYTHONPATH: join(PROJECT, 'local', 'emulator') },
      encoding: 'utf8',
    })

    expect(status).toBe(1)
    expect(stderr).toContain('ministack.core.arn.parse_arn is not the function this piece was written for')
  })

  it('that does not come up shows the end of its log', async () => {
    const broken = startEmulator({ stateFolder: STATE_FOLDER, log, env: { BIND_HOST: '203.0.113.1' } })

    await expect(broken).rejects.toThrow(/did not come up.*Cannot assign requested address/s)
  })

  it('ends when the process that started it goes away, unless it is detached', async () => {
    const attached = await startInAnotherProcess('attached', false)
    const detached = await startInAnotherProcess('detached', true)

    for (let waited = 0; isGroupAlive(attached.pid) && waited < 8000; waited += 100) await sleep(100)
    expect(isGroupAlive(attached.pid)).toBe(false)
    expect(existsSync(attached.temporaryFolder)).toBe(false)
    expect(isGroupAlive(detached.pid)).toBe(true)

    await stopEmulatorByPid(detached.pid)
    expect(isGroupAlive(detached.pid)).toBe(false)
  }, 20_000)

  it('is stopped by pid also when it is gone already', async () => {
    const { pid, stop } = await startEmulator({ stateFolder: STATE_FOLDER, log })
    await stop()

    await expect(stopEmulatorByPid(pid)).resolves.toBeUndefined()
  })
})

/** Starts an emulator in a process that is killed as soon as it is up. */
async function startInAnotherProcess(
  name: string,
  detached: boolean,
): Promise<{ pid: number; temporaryFolder: string }> {
  const script = join(folder, `${name}.ts`)
  writeFileSync(
    script,
    `import { startEmulator } from ${JSON.stringify(join(PROJECT, 'local', 'emulator.ts'))}
const { pid, port } = await startEmulator({ stateFolder: ${JSON.stringify(STATE_FOLDER)}, log: () => {}, detached: ${detached} })
console.log(pid, port)
setInterval(() => {}, 1000)`,
  )
  const parent = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [pid = '', port = ''] = await new Promise<string[]>(resolve =>
    parent.stdout.once('data', chunk => resolve(String(chunk).trim().split(' '))),
  )
  parent.kill('SIGKILL')
  return { pid: Number(pid), temporaryFolder: join(tmpdir(), `lapse-emulator-${port}`) }
}
