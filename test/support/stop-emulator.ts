import { existsSync, readFileSync, rmSync } from 'node:fs'
import * as z from 'zod/mini'
import { stopEmulatorByPid } from '../../local/emulator.ts'
import { HOUSE_FILE } from './deploy-once.ts'

const $House = z.object({ emulator: z.object({ pid: z.number() }) })

/** Jest may load this in another module world than the setup, so the house is found by its file. */
export default async function stopEmulator(): Promise<void> {
  if (!existsSync(HOUSE_FILE)) return
  await stopEmulatorByPid($House.parse(JSON.parse(readFileSync(HOUSE_FILE, 'utf8'))).emulator.pid)
  rmSync(HOUSE_FILE)
}
