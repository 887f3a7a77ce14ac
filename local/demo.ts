import { appendFileSync } from 'node:fs'
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { askAndApprove } from './demo/ask-and-approve.ts'
import { fenceAndRemoval } from './demo/fence-and-removal.ts'
import { keepMails } from './demo/keepsakes.ts'
import { meanwhile } from './demo/meanwhile.ts'
import { must, Narrator, StepFailedError } from './demo/narrator.ts'
import { playOf } from './demo/play.ts'
import { reviewPack } from './demo/review-pack.ts'
import { type House, startHouse } from './house.ts'
import { PROJECT, STATE } from './local-house.ts'
import { isGroupAlive } from './process-group.ts'

const HELP = `npm run demo [-- options]

Plays the whole story of a grant on this machine, from nothing: no AWS account, no Docker, about two minutes. Every step checks
what it says; the first that does not hold ends the demo with exit code 1. Mails, review pack, report and the timeline stay under
.lapse/demo/.

  --sabotage detach   the account never lets Lapse take the policy away, so that the demo has to fail at the step
                      “until the policy is gone”: shows that its checks can fail
  --help              this
`

const GRACE_MS = 5_000
const FOLDER = join(STATE, 'demo')
const narrator = new Narrator({
  write: text => process.stdout.write(text),
  hasColours: process.stdout.isTTY === true && !process.env.NO_COLOR,
  now: () => Date.now(),
})
const breakingOff = new AbortController()
let starting: Promise<House> | undefined
let house: House | undefined

process.exitCode = await main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  return 1
})

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { sabotage: { type: 'string' }, help: { type: 'boolean' } } })
  if (values.help) {
    process.stdout.write(HELP)
    return 0
  }
  if (values.sabotage !== undefined && values.sabotage !== 'detach') {
    throw new Error('--sabotage knows one thing only: detach.')
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => interrupted())
  await rm(FOLDER, { recursive: true, force: true })
  await mkdir(FOLDER, { recursive: true })

  const failure = await story(values.sabotage === 'detach').then(
    () => undefined,
    (error: unknown) => error,
  )
  if (breakingOff.signal.aborted) return 130
  const stopFailure = await close().then(
    () => undefined,
    (error: unknown) => error,
  )
  return epilogue(failure ?? stopFailure)
}

async function story(isDetachSabotaged: boolean): Promise<void> {
  narrator.tell('Lapse, played on this machine: access that ends by itself.')
  narrator.chapter('A house from nothing')
  house = await narrator.step('house', 'boots an AWS of its own and deploys the app with cdk', async () => {
    const begun = narrator.elapsedSeconds
    starting = startHouse({
      accessFile: join(PROJECT, 'access.yaml'),
      stateFolder: STATE,
      log: line => {
        appendFileSync(join(FOLDER, 'deploy.log'), `${line}\n`)
        if (!line.startsWith('  ')) narrator.aside(line)
      },
      signal: breakingOff.signal,
    })
    const built = await starting
    const seconds = Math.round(narrator.elapsedSeconds - begun)
    const people = Object.keys(built.people).join(', ')
    return [
      `up in ${seconds} s at ${built.emulator.endpointUrl}; ${people} have keys, which may call Lapse and nothing else`,
      built,
    ]
  })
  const play = playOf(house, { narrator, folder: FOLDER, isDetachSabotaged })
  const granted = await askAndApprove(play)
  await meanwhile(play, granted)
  await fenceAndRemoval(play, granted)
  await reviewPack(play, granted.requestId)
}

/** Keeps the mails, whatever happened, and ends the emulator. */
async function close(): Promise<void> {
  const played = house
  if (!played) return
  const { emulator } = played
  narrator.chapter('Curtain')
  await narrator.step('house', 'keeps the mails and ends the emulator', async () => {
    const count = await keepMails(emulator.endpointUrl, join(FOLDER, 'mails')).catch(() => 0)
    await stopAndTidy(played)
    must(!isGroupAlive(emulator.pid), 'it is still running')
    return [`${count} mails kept, nothing is left running`, undefined]
  })
}

/** The emulator's log belongs to the demo; what was deployed is of no use without it. */
async function tidy(port: number): Promise<void> {
  await rename(join(STATE, `emulator-${port}.log`), join(FOLDER, 'emulator.log'))
  await rm(join(STATE, `deploy-${port}`), { recursive: true, force: true })
}

async function epilogue(failure: unknown): Promise<number> {
  const seconds = Math.round(narrator.elapsedSeconds)
  narrator.tell('')
  await writeFile(join(FOLDER, 'timeline.txt'), '')
  const left = (await readdir(FOLDER, { withFileTypes: true })).map(each =>
    each.isDirectory() ? `${each.name}/` : each.name,
  )
  if (failure === undefined) {
    narrator.tell(
      `Every step held, in ${seconds} seconds. Begin with ${near('report.html')}; beside it: ${left.join(', ')}`,
    )
  } else {
    const what = failure instanceof StepFailedError ? `This step did not hold: ${failure.step}` : String(failure)
    narrator.tell(`The demo failed after ${seconds} seconds. ${what}`)
    narrator.tell(`Left to look at, in ${near('')}: ${left.join(', ')}`)
  }
  await writeFile(join(FOLDER, 'timeline.txt'), narrator.text)
  return failure === undefined ? 0 : 1
}

/** Ends the emulator; one that is not up within the grace ends by itself when this process does. */
function interrupted(): void {
  process.stderr.write('\nInterrupted.\n')
  breakingOff.abort()
  const stopped = house ? stopAndTidy(house) : starting?.then(stopAndTidy)
  Promise.race([stopped, sleep(GRACE_MS)])
    .catch(() => {})
    .finally(() => process.exit(130))
}

async function stopAndTidy({ emulator }: House): Promise<void> {
  await emulator.stop()
  await tidy(emulator.port)
}

function near(file: string): string {
  return relative(process.cwd(), join(FOLDER, file))
}
