import { setTimeout as sleep } from 'node:timers/promises'
import { loadAccessFile } from '../lib/access-file/load.ts'
import { type House, startHouse } from './house.ts'
import { LocalFiles, localHouseOf } from './local-house.ts'
import { startMailBox } from './mail-box/server.ts'
import { receivedMails } from './mailbox.ts'
import { signalGroup } from './process-group.ts'

/**
 * The process that `npm start` leaves behind: it holds the emulator and serves the mail box, until `npm stop`.
 *
 * Invariant: whatever ends this process, the emulator ends with it (its stdin closes), and until the house is ready this process
 * ends with the one that started it (its channel closes). So an interrupted start leaves nothing behind.
 */
const [accessFile = '', portText = ''] = process.argv.slice(2)
const port = Number(portText)
const files = new LocalFiles()
const GRACE_MS = 5_000

const breakingOff = new AbortController()

let isReady = false
let isEnding = false
let house: House | undefined

process.on('SIGTERM', end)
process.on('SIGINT', end)
process.on('disconnect', () => {
  if (!isReady) end()
})

const starting = start().catch(async (error: unknown) => {
  tell({ kind: 'failed', message: error instanceof Error ? error.message : String(error) })
  if (!isEnding) end()
})

async function start(): Promise<void> {
  house = await startHouse({
    accessFile,
    stateFolder: files.folder,
    port,
    signal: breakingOff.signal,
    log: line => {
      process.stdout.write(`${line}\n`)
      if (!line.startsWith('  ')) tell({ kind: 'log', line })
    },
  })
  const { emulator } = house
  files.writePids({ keeper: process.pid, port, emulator: emulator.pid })
  const mailBox = await startMailBox({
    mails: () => receivedMails(emulator.endpointUrl),
    people: Object.values(loadAccessFile(accessFile).access.people),
    port: port + 1,
  })
  files.writeLocal(localHouseOf(house, mailBox.url))
  isReady = true
  tell({ kind: 'ready' })
}

/** A start that does not break off in time is ended by force, with all its children. */
function end(): void {
  if (isEnding) return
  isEnding = true
  breakingOff.abort()
  const ended = starting.then(() => house?.emulator.stop()).then(() => 'ended' as const)
  Promise.race([ended, sleep(GRACE_MS, 'late' as const)]).then(
    outcome => (outcome === 'ended' ? process.exit(0) : signalGroup(process.pid, 'SIGKILL')),
    () => signalGroup(process.pid, 'SIGKILL'),
  )
}

function tell(message: { kind: 'log'; line: string } | { kind: 'ready' } | { kind: 'failed'; message: string }): void {
  if (process.connected) process.send?.(message)
}
