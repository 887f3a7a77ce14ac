import { appendFileSync } from 'node:fs'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
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

const FOLDER = join(STATE, 'demo')
const narrator = new Narrator({
  write: text => process.stdout.write(text),
  hasColours: process.stdout.isTTY === true && !process.env.NO_COLOR,
  now: () => Date.now(),
})
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
    const built = await startHouse({
      accessFile: join(PROJECT, 'access.yaml'),
      stateFolder: STATE,
      log: line => appendFileSync(join(FOLDER, 'deploy.log'), `${line}\n`),
    })
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
  if (!house) return
  const { emulator } = house
  narrator.chapter('Curtain')
  await narrator.step('house', 'keeps the mails and ends the emulator', async () => {
    const count = await keepMails(emulator.endpointUrl, join(FOLDER, 'mails')).catch(() => 0)
    await emulator.stop()
    must(!isGroupAlive(emulator.pid), 'it is still running')
    await tidy(emulator.port)
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
  if (failure === undefined) {
    narrator.tell(`Every step held, in ${seconds} seconds. Look at ${near('report.html')}, and around it:`)
    narrator.tell(`  mails/  review/  timeline.txt`)
  } else {
    const what = failure instanceof StepFailedError ? `This step did not hold: ${failure.message}` : String(failure)
    narrator.tell(`The demo failed after ${seconds} seconds. ${what}`)
    narrator.tell(`What there is to look at is in ${near('')}: deploy.log, emulator.log, mails/, timeline.txt`)
  }
  await writeFile(join(FOLDER, 'timeline.txt'), narrator.text)
  return failure === undefined ? 0 : 1
}

/** An emulator that is not up yet ends by itself when this process does. */
function interrupted(): void {
  process.stderr.write('\nInterrupted.\n')
  const { emulator } = house ?? {}
  const stopped = emulator ? emulator.stop().then(() => tidy(emulator.port)) : Promise.resolve()
  stopped.finally(() => process.exit(130))
}

function near(file: string): string {
  return relative(process.cwd(), join(FOLDER, file))
}
