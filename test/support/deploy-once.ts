import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startHouse } from '../../local/house.ts'

const STATE = join(import.meta.dirname, '..', '..', '.lapse')

/** Where a run of the tests that need the whole house finds it. Each run has its own, so that two at once do not end each other's. */
export function houseFile(): string {
  return process.env.LAPSE_TEST_HOUSE ?? join(STATE, 'test-house.json')
}

/** The organisation of those tests: the demo's, with shorter times. */
export const TEST_ACCESS_FILE = join(import.meta.dirname, '..', 'e2e', 'access.yaml')

/** Boots the emulator on a free port and deploys the real app into it, once for all tests of the project. */
export default async function deployOnce(): Promise<void> {
  mkdirSync(STATE, { recursive: true })
  const log = (line: string) => {
    if (!line.startsWith('  ')) process.stderr.write(`${line}\n`)
  }
  const house = await startHouse({ accessFile: TEST_ACCESS_FILE, stateFolder: STATE, log })
  // The processes of the run inherit it.
  process.env.LAPSE_TEST_HOUSE = join(STATE, `test-house-${process.pid}.json`)
  writeFileSync(houseFile(), JSON.stringify(house))
}
