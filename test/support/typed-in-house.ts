import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach } from '@jest/globals'
import { LoopbackApi, type Told } from './loopback-api.ts'
import { type Place, typed } from './typed.ts'
import { writeLocalHouse } from './write-local-house.ts'

const cleanups: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup()
})

/** An API that answers as told and is gone after the test. */
export async function apiOfTest(routes: Readonly<Record<string, readonly Told[]>>): Promise<LoopbackApi> {
  const api = await LoopbackApi.start(routes)
  cleanups.push(() => api.stop())
  return api
}

/** A folder with a house whose API answers as told, and what is typed in it as Dana. */
export async function house(routes: Readonly<Record<string, readonly Told[]>>) {
  const api = await apiOfTest(routes)
  const folder = mkdtempSync(join(tmpdir(), 'lapse-cli-'))
  cleanups.push(() => rmSync(folder, { recursive: true }))
  writeLocalHouse(folder, api.url, ['dana'])
  return {
    folder,
    heard: api.heard,
    type: (line: readonly string[], place: Place = {}) => typed([...line, '--as', 'dana'], { folder, ...place }),
  }
}
