import { describe, expect, it } from '@jest/globals'
import { COMMANDS } from '../../cli/commands.ts'
import { typed } from '../support/typed.ts'

describe('the command line', () => {
  it.each(COMMANDS.map(({ name }) => [name]))('CLI-01 lapse %s has help with an example of its own', async name => {
    const { exit, out, err } = await typed([...name.split(' '), '--help'])

    expect([exit, err]).toEqual([0, ''])
    expect(out).toMatch(new RegExp(`^Usage: lapse ${name}`))
    expect(out).toMatch(new RegExp(`\\nExamples?:\\n .*lapse ${name}`))
  })

  it('CLI-01 lists every command in its help, and goes wrong without one', async () => {
    const { out } = await typed(['--help'])
    const bare = await typed([])

    for (const { name } of COMMANDS) expect(out).toContain(`\n  ${name.split(' ')[0]}`)
    expect([bare.exit, bare.out]).toEqual([2, ''])
    expect(bare.err).toMatch(/^Usage: lapse/)
  })

  it.each([
    ['a command', ['chek'], /unknown command 'chek'\n\(Did you mean check\?\)/],
    ['a command of a group', ['review', 'crate'], /unknown command 'crate'\n\(Did you mean create\?\)/],
    ['an option', ['check', '--jsn'], /unknown option '--jsn'\n\(Did you mean --json\?\)/],
    ['a status', ['list', '--status', 'activ'], /--status must be a status; did you mean ACTIVE\?/],
    ['a person', ['explain', 'alise', 'orders-read'], /no person alise; did you mean alice\?/],
  ])('CLI-01 answers %s that is mistyped with the nearest one, exit 2', async (_, line, answer) => {
    const { exit, out, err } = await typed(line)

    expect([exit, out]).toEqual([2, ''])
    expect(err).toMatch(answer)
  })

  it.each([
    ['a duration that is none', ['preview', 'x', '--duration', 'soon'], /--duration must be a duration such as 30m/],
    ['a duration of nothing', ['preview', 'x', '--duration', '0m'], /--duration must be a duration/],
    ['a parameter without a value', ['preview', 'x', '--param', 'bucket'], /--param must be name=value, not bucket/],
    ['a parameter given twice', ['preview', 'x', '--param', 'a=1', '--param', 'a=2'], /--param names a twice/],
    ['a day no calendar has', ['preview', 'x', '--start', '2027-02-30T00:00:00Z'], /--start must be an instant in UTC/],
    ['no reason', ['request', 'x'], /--reason must say why/],
    ['an id that is none', ['status', 'my-request'], /<id> must be the id of a request/],
    ['a missing argument', ['status'], /missing required argument 'id'/],
    ['one argument too many', ['freeze', 'now'], /too many arguments/],
    ['a limit over 100', ['list', '--limit', '101'], /--limit must be a whole number from 1 to 100/],
    [
      'no duration of an extension',
      ['extend', '0'.repeat(26), '--reason', 'more'],
      /--duration must say how much longer/,
    ],
    ['a period with a path in it', ['review', 'download', '../../2026-Q4'], /<period> must be a period/],
    ['an unknown shell', ['completion', 'tcsh'], /<shell> must be one of bash, zsh, fish/],
  ])('CLI-01 refuses %s with exit 2 before anything is called', async (_, line, answer) => {
    const { exit, out, err } = await typed(line)

    expect([exit, out]).toEqual([2, ''])
    expect(err).toMatch(answer)
  })
})
