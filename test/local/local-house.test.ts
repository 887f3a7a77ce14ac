import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { loadAccessFile } from '../../lib/access-file/load.ts'
import type { House } from '../../local/house.ts'
import { LocalFiles, localHouseOf, PROJECT } from '../../local/local-house.ts'
import { startScreen } from '../../local/start-screen.ts'
import { livingPids } from '../../local/stop-house.ts'

const ACCESS_FILE = join(PROJECT, 'access.yaml')
const KEYS = { accessKeyId: 'AKIAALICE', secretAccessKey: 'alices-secret' }
const HOUSE: House = {
  emulator: {
    endpointUrl: 'http://127.0.0.1:4566',
    port: 4566,
    pid: 4711,
    region: 'us-east-1',
    accountId: '000000000000',
    rootCredentials: { accessKeyId: 'root', secretAccessKey: 'roots-secret' },
    stop: async () => {},
  },
  apiUrl: 'http://127.0.0.1:4566/restapis/lapse/v1/_user_request_',
  region: 'us-east-1',
  accountId: '000000000000',
  tableName: 'ledger',
  archiveBucket: 'archive',
  reportsBucket: 'reports',
  stateMachineArn: 'arn:aws:states:us-east-1:000000000000:stateMachine:requests',
  accessFile: ACCESS_FILE,
  people: { alice: { arn: 'arn:aws:iam::000000000000:user/people/alice', ...KEYS } },
}

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lapse-local-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('local.json', () => {
  it('OPS-01 has exactly the fields programs rely on', () => {
    const files = new LocalFiles(folder)
    files.writeLocal(localHouseOf(HOUSE, 'http://127.0.0.1:4567/'))
    const { emulator: _, ...facts } = HOUSE

    expect(JSON.parse(readFileSync(files.local, 'utf8'))).toEqual({
      ...facts,
      endpointUrl: 'http://127.0.0.1:4566',
      mailUrl: 'http://127.0.0.1:4567/',
    })
  })

  it('holds keys of people, not the administrator’s, and is for its owner only', () => {
    const files = new LocalFiles(folder)
    files.writeLocal(localHouseOf(HOUSE, 'http://127.0.0.1:4567/'))

    expect(readFileSync(files.local, 'utf8')).not.toContain('roots-secret')
    expect(statSync(files.local).mode & 0o077).toBe(0)
  })

  it('that is broken counts as none', () => {
    const files = new LocalFiles(folder)
    writeFileSync(files.local, '{')
    writeFileSync(files.pids, '{"keeper":"no number"}')

    expect([files.readLocal(), files.readPids()]).toEqual([undefined, undefined])
  })
})

describe('the processes of a house', () => {
  it('count as gone when their numbers belong to somebody else now', () => {
    const files = new LocalFiles(folder)
    files.writePids({ keeper: process.pid, emulator: process.pid, port: 4566 })

    expect(livingPids(files)).toBeUndefined()
  })
})

describe('the screen of npm start', () => {
  const { access } = loadAccessFile(ACCESS_FILE)
  const near = { access: 'access.yaml', local: '.lapse/local.json', log: '.lapse/house.log' }
  const screen = startScreen(localHouseOf(HOUSE, 'http://127.0.0.1:4567/'), access, near)

  it('says where things are and who is who', () => {
    expect(screen).toContain('http://127.0.0.1:4567/')
    expect(screen).toMatch(/^ {2}carol +Carol Castillo +asks for logs-read · approves orders-read/m)
    expect(screen).toMatch(/^ {2}erin +Erin Egede +auditor$/m)
    expect(screen).toContain('npm stop')
  })

  it('has a signed call that can be pasted', () => {
    const call = /^curl (?:.*\\\n)*.*$/m.exec(screen)?.[0] ?? ''

    expect(call).toContain("--aws-sigv4 'aws:amz:us-east-1:execute-api' --user 'AKIAALICE:alices-secret'")
    expect(JSON.parse(/-d '(.*)'/.exec(call)?.[1] ?? '')).toEqual({
      entitlement: 'orders-read',
      duration: 'PT5M',
      reason: 'To see how Lapse works',
      parameters: { bucket: 'acme-orders-2026' },
    })
    expect(call).toMatch(/'http:\/\/127\.0\.0\.1:4566\/.*\/requests'$/)
  })
})
