import { execFileSync } from 'node:child_process'
import { describe, expect, it } from '@jest/globals'
import { COMMANDS } from '../../cli/commands.ts'
import { STATUSES } from '../../lambdas/domain/request.ts'
import { typed } from '../support/typed.ts'

/** What bash offers after these words, the last of them being typed. */
async function offered(...words: readonly string[]): Promise<readonly string[]> {
  const { out: script } = await typed(['completion', 'bash'])
  const line = words.map(word => `'${word}'`).join(' ')
  const run = `${script}\nCOMP_WORDS=(${line}); COMP_CWORD=${words.length - 1}; _lapse; printf '%s\\n' "\${COMPREPLY[@]}"`
  return execFileSync('bash', ['-c', run], { encoding: 'utf8' })
    .split('\n')
    .filter(word => word !== '')
}

describe('lapse completion', () => {
  it('CLI-01 in bash offers every command, each once', async () => {
    const firsts = [...new Set(COMMANDS.map(({ name }) => name.split(' ')[0]))]

    expect(await offered('lapse', '')).toEqual(firsts)
  })

  it.each([
    [['lapse', 'unf'], ['unfreeze']],
    [
      ['lapse', 'review', ''],
      ['create', 'list', 'download'],
    ],
    [
      ['lapse', 'findings', ''],
      ['list', 'show', 'close'],
    ],
    [
      ['lapse', 'findings', 'list', '--state', ''],
      ['open', 'closed'],
    ],
    [['lapse', 'review', 'download', '--v'], ['--version']],
    [
      ['lapse', 'list', '--re'],
      ['--requester', '--region'],
    ],
    [['lapse', 'list', '--status', ''], [...STATUSES]],
    [['lapse', 'completion', 'f'], ['fish']],
    [['lapse', 'check', 'acc'], []],
    [['lapse', 'nothing', ''], []],
  ])('CLI-01 in bash after %j offers %j', async (words, expected) => {
    expect(await offered(...words)).toEqual(expected)
  })

  it.each(['zsh', 'fish'])('CLI-01 for %s names every command and every option', async shell => {
    const { out } = await typed(['completion', shell])

    for (const { name, options } of COMMANDS) {
      expect(out).toContain(name.split(' ').at(-1))
      for (const { form } of options) expect(out).toContain(form.replace(/^--/, '').split(' ')[0])
    }
  })
})
