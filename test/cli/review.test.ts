import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import type { Told } from '../support/loopback-api.ts'
import { apiOfTest, house } from '../support/typed-in-house.ts'

describe('lapse review', () => {
  const content = 'period,grants\n'
  const file = {
    name: 'sessions.csv',
    bytes: content.length,
    sha256: createHash('sha256').update(content).digest('hex'),
  }
  const manifest = (files: readonly object[]) => ({ body: { period: '2026-Q4', manifest: { version: 2, files } } })
  const redirect: Told = { status: 302, headers: { location: 'http://127.0.0.1:1' } }

  async function pack(files: readonly object[], text = content) {
    const store = await apiOfTest({ 'GET /pack': [{ body: text }] })
    const led = { ...redirect, headers: { location: `${store.url}/pack` } }
    const there = await house({
      'GET /reviews/2026-Q4': [manifest(files)],
      'GET /reviews/2026-Q4/files/sessions.csv?version=2': [led],
      'GET /reviews/2026-Q4/files/manifest.json?version=2': [led],
    })
    return { ...there, authorizations: () => store.heard.map(({ headers }) => headers.authorization) }
  }

  it('REV-16 CLI-01 downloads every file of one version, checked against the manifest and without a signature', async () => {
    const { type, folder, authorizations } = await pack([file])

    const { exit, out } = await type(['review', 'download', '2026-Q4', '--to', 'evidence'])

    expect(exit).toBe(0)
    expect(out).toContain(file.sha256)
    expect(readdirSync(join(folder, 'evidence')).sort()).toEqual(['manifest.json', 'sessions.csv'])
    expect(readFileSync(join(folder, 'evidence', 'sessions.csv'), 'utf8')).toBe(content)
    expect(authorizations()).toEqual([undefined, undefined])
  })

  it('REV-16 writes no file that is not what the manifest says', async () => {
    const { type, folder } = await pack([file], 'period,grantz\n')

    const { exit, err } = await type(['review', 'download', '2026-Q4'])

    expect([exit, readdirSync(join(folder, 'review-2026-Q4'))]).toEqual([2, []])
    expect(err).toMatch(/sessions\.csv is not what the manifest says/)
  })

  it('REV-16 writes nothing outside the folder, whatever the manifest names', async () => {
    const { type, heard } = await pack([{ ...file, name: '../escape.csv' }])

    const { exit, err } = await type(['review', 'download', '2026-Q4'])

    expect([exit, heard.length]).toEqual([2, 1])
    expect(err).toContain('the manifest names a file "../escape.csv"')
  })

  it('REV-01 CLI-01 create and list say where a review stands', async () => {
    const { type, heard } = await house({
      'POST /reviews': [{ status: 202, body: { period: '2026-Q4', version: 1, status: 'PRODUCING' } }],
      'GET /reviews': [
        {
          body: {
            reviews: [{ period: '2026-Q4', version: 1, status: 'FAILED', requestedBy: 'erin', failure: 'no room' }],
          },
        },
      ],
    })

    expect((await type(['review', 'create', '--period', '2026-Q4'])).out).toBe(
      '2026-Q4 version 1 is PRODUCING; see lapse review list\n',
    )
    expect(heard[0]?.body).toBe('{"period":"2026-Q4"}')
    expect((await type(['review', 'list'])).out).toMatch(/2026-Q4 +1 +no room +erin/)
  })
})
