import { spawn } from 'node:child_process'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Emulator } from './emulator.ts'
import { inheritedEnvironment, PROJECT_BIN } from './emulator-environment.ts'

const PROJECT_FOLDER = join(import.meta.dirname, '..')
const STACK_NAME = 'Lapse'

export interface DeployOptions {
  emulator: Emulator
  /** The access file the app is synthesised with (`-c access=FILE`). */
  accessFile: string
  context?: Record<string, string>
  log: (line: string) => void
  /** Where the cloud assembly and the outputs are written. */
  outputFolder: string
  /** Where `cdk.json` is; default: this project. */
  projectFolder?: string
  /** Breaks the deployment off. */
  signal?: AbortSignal
}

/** Bootstraps the emulator's account and deploys the app into it with the pinned CDK CLI; gives the stack's outputs. */
export async function deployApp(options: DeployOptions): Promise<Record<string, string>> {
  const { emulator } = options
  // Bootstrapping waits for the emulator, synthesis for this machine: they run side by side.
  await Promise.all([
    cdk(['bootstrap', `aws://${emulator.accountId}/${emulator.region}`, '--app', ''], options),
    synthesizeApp(options),
  ])
  return deploySynthesized(options)
}

/** The first half of a deployment, which asks nothing of the emulator. */
export async function synthesizeApp(options: DeployOptions): Promise<void> {
  await mkdir(options.outputFolder, { recursive: true })
  const context = { access: options.accessFile, ...options.context }
  const contextArguments = Object.entries(context).flatMap(([key, value]) => ['-c', `${key}=${value}`])
  await cdk(['synth', '--quiet', '--output', assemblyIn(options), ...contextArguments], options)
}

/** The second half, into an account that is bootstrapped; gives the stack's outputs. */
export async function deploySynthesized(options: DeployOptions): Promise<Record<string, string>> {
  const outputsFile = join(options.outputFolder, 'outputs.json')
  await cdk(
    ['deploy', STACK_NAME, '--app', assemblyIn(options), '--require-approval', 'never', '--outputs-file', outputsFile],
    options,
  )
  return outputsOf(JSON.parse(await readFile(outputsFile, 'utf8')))
}

function assemblyIn({ outputFolder }: DeployOptions): string {
  return join(outputFolder, 'cdk.out')
}

/** Everything the CLI may see: the emulator and its root credentials, nothing that leads beyond the loopback interface. */
function cdkEnvironment(emulator: Emulator): Record<string, string> {
  return {
    ...inheritedEnvironment(),
    PATH: `${PROJECT_BIN}:${process.env.PATH ?? ''}`,
    AWS_ENDPOINT_URL: emulator.endpointUrl,
    AWS_REGION: emulator.region,
    AWS_ACCESS_KEY_ID: emulator.rootCredentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: emulator.rootCredentials.secretAccessKey,
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
    CDK_DISABLE_CLI_TELEMETRY: 'true',
    CDK_DISABLE_VERSION_CHECK: '1',
  }
}

function cdk(args: readonly string[], options: DeployOptions): Promise<void> {
  const child = spawn(
    join(PROJECT_BIN, 'cdk'),
    [...args, '--no-notices', '--no-version-reporting', '--no-color', '--ci'],
    {
      cwd: options.projectFolder ?? PROJECT_FOLDER,
      env: cdkEnvironment(options.emulator),
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(options.signal && { signal: options.signal }),
    },
  )
  const lines: string[] = []
  const collect = (chunk: string) => {
    for (const line of chunk.split('\n').filter(line => line.trim() !== '')) {
      lines.push(line)
      options.log(line)
    }
  }
  child.stdout.setEncoding('utf8').on('data', collect)
  child.stderr.setEncoding('utf8').on('data', collect)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', code => {
      if (code === 0) resolve()
      else reject(new Error(`cdk ${args[0]} ended with code ${code}:\n${lines.slice(-30).join('\n')}`))
    })
  })
}

function outputsOf(file: unknown): Record<string, string> {
  if (typeof file !== 'object' || file === null || !(STACK_NAME in file)) return {}
  const outputs: unknown = Object.entries(file).find(([name]) => name === STACK_NAME)?.[1]
  if (typeof outputs !== 'object' || outputs === null) return {}
  return Object.fromEntries(
    Object.entries(outputs).flatMap(([key, value]) => (typeof value === 'string' ? [[key, value]] : [])),
  )
}
