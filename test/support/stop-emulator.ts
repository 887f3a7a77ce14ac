import { existsSync, readFileSync, rmSync } from 'node:fs'
import * as z from 'zod/mini'
import { stopEmulatorByPid } from '../../local/emulator.ts'
import { houseFile } from './deploy-once.ts'

const $House = z.object({ emulator: z.object({ pid: z.number() }) })

/** Jest may load this in another module world than the setup, so the house is found by its file. */
export default async function stopEmulator(): Promise<void> {
  if (!existsSync(houseFile())) return
  await stopEmulatorByPid($House.parse(JSON.parse(readFileSync(houseFile(), 'utf8'))).emulator.pid)
  rmSync(houseFile())
}
