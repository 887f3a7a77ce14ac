import { join } from 'node:path'

export const PROJECT_BIN = join(import.meta.dirname, '..', 'node_modules', '.bin')

const INHERITED = ['HOME', 'LANG', 'LC_ALL', 'USER'] as const

export const REGION = 'us-east-1'
export const ACCOUNT_ID = '000000000000'
export const ROOT_CREDENTIALS = { accessKeyId: 'test', secretAccessKey: 'test' } as const

/** What a child sees of this process's environment: nothing that configures AWS, Node, a proxy or MiniStack by accident. */
export function inheritedEnvironment(): Record<string, string> {
  return Object.fromEntries(
    INHERITED.flatMap(name => {
      const value = process.env[name]
      return value === undefined ? [] : [[name, value]]
    }),
  )
}

/**
 * The server's whole environment. It listens on the loopback interface only, verifies every signature and evaluates the
 * caller's policies (`AUTH`), records CloudTrail events, and runs Lambda functions on the project's own Node.
 */
export function emulatorEnvironment(port: number, temporaryFolder: string): Record<string, string> {
  return {
    ...inheritedEnvironment(),
    PATH: `${PROJECT_BIN}:${process.env.PATH ?? ''}`,
    TMPDIR: temporaryFolder,
    PYTHONUNBUFFERED: '1',
    PYTHONDONTWRITEBYTECODE: '1',
    GATEWAY_PORT: String(port),
    BIND_HOST: '127.0.0.1',
    MINISTACK_ACCOUNT_ID: ACCOUNT_ID,
    MINISTACK_REGION: REGION,
    AWS_ACCESS_KEY_ID: ROOT_CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: ROOT_CREDENTIALS.secretAccessKey,
    AUTH: 'true',
    CLOUDTRAIL_RECORDING: '1',
    CLOUDTRAIL_MAX_EVENTS: '200000', // AWS keeps 90 days; MiniStack's own 10,000 are a few hundred requests
    IOT_MTLS_ENABLED: '0',
    SFTP_ENABLED: '0',
    DOCKER_HOST: 'unix:///nonexistent', // never adopt containers of a Docker that happens to run here
    LAMBDA_ACCOUNT_CONCURRENCY: '1000', // AWS's default; MiniStack's own is as low as 16
    MINISTACK_WORKER_THREADS: '512', // an invocation that waits for a worker holds one
    NODE_OPTIONS: '--disable-warning=DEP0169', // of MiniStack's own Node.js worker, in every function's log
    LOG_LEVEL: 'INFO',
  }
}
