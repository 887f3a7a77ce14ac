import { LocalFiles } from './local-house.ts'
import { livingPids, stopHouse } from './stop-house.ts'

/** `npm stop`: ends the house that `npm start` left running, and says so only when nothing of it is left. */
const files = new LocalFiles()
const pids = livingPids(files)

try {
  if (pids) await stopHouse(files, pids)
  else files.remove()
  process.stdout.write(pids ? 'Lapse has stopped; nothing of it is left running.\n' : 'Nothing is running.\n')
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
