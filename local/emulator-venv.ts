import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { copyFile, mkdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const REQUIREMENTS = join(import.meta.dirname, 'emulator', 'requirements.txt')
const CANDIDATES = ['python3', 'python3.14', 'python3.13', 'python3.12', 'python3.11', 'python3.10', 'python'] as const
const IS_SUITABLE = 'import sys, venv, ensurepip; sys.exit(0 if sys.version_info >= (3, 10) else 1)'

/** The Python of a virtual environment that holds the pinned emulator, made on first use. */
export async function emulatorVenv(stateFolder: string, log: (line: string) => void): Promise<string> {
  const requirements = await readFile(REQUIREMENTS, 'utf8')
  const version = /^ministack==(\S+)$/m.exec(requirements)?.[1]
  if (version === undefined) throw new Error(`${REQUIREMENTS} does not pin ministack`)
  const venv = join(stateFolder, `venv-${version}`)
  if (await isComplete(venv, requirements)) return pythonOf(venv)

  log(`Installing the AWS emulator (MiniStack ${version}) into ${venv}, once`)
  await mkdir(stateFolder, { recursive: true })
  // Built beside its place and moved there when complete, so that an interrupted or concurrent installation never counts.
  // (Its scripts keep the old path in their first line: use `python -m pip`.)
  const draft = `${venv}.${process.pid}`
  try {
    await run(await suitablePython(), ['-m', 'venv', draft])
    await run(pythonOf(draft), [
      '-m',
      'pip',
      'install',
      '--quiet',
      '--disable-pip-version-check',
      '--no-input',
      '-r',
      REQUIREMENTS,
    ])
    await copyFile(REQUIREMENTS, join(draft, 'requirements.txt'))
    if (!(await isComplete(venv, requirements))) {
      await rm(venv, { recursive: true, force: true })
      await rename(draft, venv)
    }
  } catch (cause) {
    throw new Error(`The AWS emulator could not be installed: ${stderrOf(cause)}`, { cause })
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
  return pythonOf(venv)
}

/** The requirements are copied into the environment last, so their presence says that it is whole and current. */
async function isComplete(venv: string, requirements: string): Promise<boolean> {
  const installed = join(venv, 'requirements.txt')
  return existsSync(pythonOf(venv)) && existsSync(installed) && (await readFile(installed, 'utf8')) === requirements
}

function pythonOf(venv: string): string {
  return join(venv, 'bin', 'python')
}

async function suitablePython(): Promise<string> {
  for (const candidate of CANDIDATES) {
    const isSuitable = await run(candidate, ['-c', IS_SUITABLE]).then(
      () => true,
      () => false,
    )
    if (isSuitable) return candidate
  }
  throw new Error(
    'The emulator needs Python 3.10 or newer with the venv module; ' +
      'install it (on Debian and Ubuntu: apt-get install python3 python3-venv)',
  )
}

function stderrOf(error: unknown): string {
  if (error instanceof Error && 'stderr' in error && typeof error.stderr === 'string' && error.stderr.trim() !== '') {
    return error.stderr.trim()
  }
  return error instanceof Error ? error.message : String(error)
}
