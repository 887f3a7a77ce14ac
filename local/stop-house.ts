import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { stopEmulatorByPid } from './emulator.ts'
import type { LocalFiles, Pids } from './local-house.ts'
import { isPortTaken } from './ports.ts'
import { isGroupAlive, signalGroup } from './process-group.ts'
import { isRunning } from './running-process.ts'

export const KEEPER = join(import.meta.dirname, 'keeper.ts')
const LAUNCHER = join(import.meta.dirname, 'emulator', 'launcher.py')
const GRACE_MS = 15_000

/** The processes of the house that is running or starting, if there is one. */
export function livingPids(files: LocalFiles): Pids | undefined {
  const pids = files.readPids()
  return pids && (isRunning(pids.keeper, KEEPER) || isEmulatorAlive(pids)) ? pids : undefined
}

/** Ends all of a house and resolves when nothing of it is left: no process of its groups, nobody on its port. */
export async function stopHouse(files: LocalFiles, pids: Pids): Promise<void> {
  if (isRunning(pids.keeper, KEEPER)) {
    signalGroup(pids.keeper, 'SIGTERM')
    if (!(await becomesTrue(() => !isGroupAlive(pids.keeper)))) signalGroup(pids.keeper, 'SIGKILL')
  }
  // The emulator ends when its keeper does; this is for one whose keeper was killed a moment ago.
  if (pids.emulator !== undefined && isEmulatorAlive(pids)) await stopEmulatorByPid(pids.emulator)
  if (!(await becomesTrue(async () => !(await isPortTaken(pids.port))))) {
    throw new Error(`Something still listens on port ${pids.port}; ${files.pids} names the processes`)
  }
  files.remove()
}

function isEmulatorAlive({ emulator }: Pids): boolean {
  return emulator !== undefined && isRunning(emulator, LAUNCHER)
}

async function becomesTrue(claim: () => boolean | Promise<boolean>): Promise<boolean> {
  const deadline = Date.now() + GRACE_MS
  while (Date.now() < deadline) {
    if (await claim()) return true
    await sleep(50)
  }
  return false
}
