import { execFile } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { type Browser, chromium } from 'playwright-core'

const run = promisify(execFile)

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'] as const
/** Nothing of a browser that a test did not ask for: no first run, no updates, no calls home. */
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
const INSTALL_TRIES = 30
const SECONDS_BETWEEN_TRIES = 10

/** A real Chromium: the one that is installed, or on a machine without one and with apt, Debian's. */
export async function startChromium(): Promise<Browser> {
  const executablePath = installed() ?? (await install())
  return chromium.launch({ executablePath, args: FLAGS })
}

function installed(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter)
  return folders.flatMap(folder => NAMES.map(name => join(folder, name))).find(isExecutable)
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Somebody else may be installing something: apt is tried again while another one holds its lock. */
async function install(): Promise<string> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await run('apt-get', ['-qq', 'update'])
      await run('apt-get', ['-qq', '-o', 'DPkg::Lock::Timeout=300', 'install', '-y', 'chromium'], {
        env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      })
      break
    } catch (cause) {
      const isLocked = cause instanceof Error && /lock/i.test(cause.message)
      if (!isLocked || attempt >= INSTALL_TRIES) {
        throw new Error(`no Chromium: install one, for example by apt-get install chromium (tried: ${NAMES})`, {
          cause,
        })
      }
      await sleep(SECONDS_BETWEEN_TRIES * 1000)
    }
  }
  const path = installed()
  if (!path) throw new Error('Chromium was installed and is not on the PATH')
  return path
}
