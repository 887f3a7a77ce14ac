import { describe, expect, it } from '@jest/globals'
import { evaluate } from '../../lambdas/domain/evaluate.ts'
import { loadAccessFile } from '../../lib/access-file/load.ts'
import { FILES, typed } from '../support/typed.ts'

const { access } = loadAccessFile(`${FILES}/access.yaml`)

describe('lapse explain', () => {
  it('POL-02 says which rules name a person and through which groups, and which one decides', async () => {
    const { exit, out } = await typed(['explain', 'bob', 'orders-read', '--duration', '30m'])

    expect(exit).toBe(0)
    expect(out).toMatch(/staff may read orders +allow +4h +group:staff → group:engineers +yes\n/)
    expect(out).toMatch(/engineers read for two hours +allow +2h +group:engineers +no\n/)
    expect(out).toMatch(/contractors see no customer data +deny +- +no +no\n/)
    expect(out).toMatch(/duration +30m of at most 4h\n/)
  })

  it('POL-02 APP-05 says who can approve, and that nobody decides on their own request, whatever users they have', async () => {
    const { out } = await typed(['explain', 'bob', 'orders-read'])

    expect(out).toMatch(/Stage data owners: 1 of 1\n +carol +can approve, named directly\n/)
    expect(out).toMatch(
      / bob +cannot: it is their own request \(user\/people\/bob and user\/people\/bob-admin are the same person\)\n/,
    )
  })

  it('POL-02 fills parameters that are not named with the example, and says so', async () => {
    const { out } = await typed(['explain', 'alice', 'orders-read'])
    const given = await typed(['explain', 'alice', 'orders-read', '--param', 'bucket=acme-payroll'])

    expect(out).toMatch(/by example +bucket=acme-orders-2026\n/)
    expect(given.exit).toBe(1)
    expect(given.out).toMatch(/would be refused orders-read \(parameter-refused\)/)
    expect(given.out).not.toMatch(/by example/)
  })

  it.each([
    ['who is denied', ['victor', 'orders-read'], 'not-eligible'],
    ['whom no rule names', ['carol', 'orders-read'], 'not-eligible'],
    ['what is too long', ['alice', 'orders-read', '--duration', '9h'], 'duration-too-long'],
    ['what there is not', ['alice', 'orders-reed'], 'unknown-entitlement'],
  ])('POL-02 refuses %s as the evaluator does, with what would pass, exit 1', async (_, line, code) => {
    const { exit, out } = await typed(['explain', ...line])

    expect(exit).toBe(1)
    expect(out).toContain(`(${code})`)
    expect(out).toMatch(/would pass +\S/)
  })

  it('APP-12 POL-02 gives the answer of the one evaluator at the instant asked about', async () => {
    const at = '2027-05-05T05:05:05Z'
    const { out } = await typed(['explain', 'alice', 'orders-read', '--at', at, '--json'])

    const ask = { entitlement: 'orders-read', parameters: { bucket: 'acme-orders-2026' } }
    const evaluation = JSON.parse(JSON.stringify(evaluate(access, 'alice', ask, new Date(at), { uses: [] })))
    expect(JSON.parse(out)).toMatchObject({ person: 'alice', at, evaluation })
  })

  it('CLI-01 a file with problems is told with them, exit 2', async () => {
    const { exit, err } = await typed(['explain', 'alice', 'orders-read', '--file', 'broken.yaml'])

    expect(exit).toBe(2)
    expect(err).toMatch(/broken\.yaml:22:11 .+\n.*broken\.yaml:30:48 /)
  })
})
