import { describe, expect, it } from '@jest/globals'
import { loadAccessFile } from '../../lib/access-file/load.ts'
import { FILES, typed } from '../support/typed.ts'

const { hash } = loadAccessFile(`${FILES}/access.yaml`)

describe('lapse check', () => {
  it('POL-02 says of a sound file who may ask for what, how long, and who answers, with the hash that is deployed', async () => {
    const { exit, out, err } = await typed(['check'])

    expect([exit, err]).toEqual([0, ''])
    expect(out).toContain(hash)
    expect(out).toMatch(/groups +engineers \(3\), staff \(4\), contractors \(1\)/)
    expect(out).toMatch(/duration +30m if none is named, 4h at most/)
    expect(out).toMatch(/may ask +alice, bob, dana up to 4h\n/)
    expect(out).toMatch(/approval +data owners: 1 of carol, bob\n/)
  })

  it('POL-01 POL-02 gives every problem of a broken file with line, column and remedy, and exit 1', async () => {
    const { exit, out } = await typed(['check', 'broken.yaml'])

    expect(exit).toBe(1)
    expect(out.split('\n')).toEqual([
      expect.stringMatching(
        /^broken\.yaml:22:11 entitlements\.orders-read\.risk: .+ Fix: write low or medium or high\.$/,
      ),
      expect.stringMatching(/^broken\.yaml:30:48 entitlements\.orders-read\.rules\[0\]\.allow\[0\]: .+group:staff\.$/),
      '2 problems',
      '',
    ])
  })

  it('CLI-01 says the same as JSON', async () => {
    const sound = JSON.parse((await typed(['check', '--json'])).out)
    const broken = await typed(['check', 'broken.yaml', '--json'])

    expect(sound).toMatchObject({
      outcome: 'valid',
      hash,
      entitlements: [{ entitlement: 'orders-read', risk: 'medium' }],
    })
    expect(broken.exit).toBe(1)
    expect(JSON.parse(broken.out)).toMatchObject({
      outcome: 'invalid',
      problems: [
        { line: 22, column: 11 },
        { line: 30, column: 48, fix: 'did you mean group:staff' },
      ],
    })
  })

  it('CLI-01 a file that is not there is wrong use, exit 2, and no verdict', async () => {
    const { exit, out, err } = await typed(['check', 'no-such.yaml'])

    expect([exit, out]).toEqual([2, ''])
    expect(err).toMatch(/^lapse: the access file cannot be read: ENOENT/)
  })
})

describe('colours', () => {
  const ESCAPE = '\u001b['

  it.each([
    ['on a terminal', { terminal: { answers: '' } }, true],
    ['not when piped', {}, false],
    ['not with NO_COLOR', { terminal: { answers: '' }, environment: { NO_COLOR: '1' } }, false],
    ['not on a dumb terminal', { terminal: { answers: '' }, environment: { TERM: 'dumb' } }, false],
  ])('CLI-01 are there %s', async (_, place, isColoured) => {
    expect((await typed(['check'], place)).out.includes(ESCAPE)).toBe(isColoured)
  })
})
