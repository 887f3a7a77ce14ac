import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'

const PROJECT = join(import.meta.dirname, '..', '..')
const FAULTS = Array.from({ length: 22 }, (_, index) => `FI-${index + 1}`)
const textOf = (path: string) => readFileSync(join(PROJECT, path), 'utf8')

/** A title of a test is what stands in quotes after its capability. */
const titleWith = (id: string) => new RegExp(`['\`"](?:[A-Z]{3}-\\d\\d )?${id}(?!\\d)`)

const rows = textOf('docs/trust.md')
  .split('\n')
  .filter(line => /^\| FI-\d/.test(line))
  .map(line => {
    const [id = '', , , measured = '', command = '', test = ''] = line
      .split('|')
      .slice(1)
      .map(cell => cell.trim())
    return { id, measured, command, files: [...test.matchAll(/`([^`]+)`/g)].map(match => match[1] ?? '') }
  })
const section = (text: string) => [...text.matchAll(/^## (.+)$/gm)].map(match => match[1] ?? '')

describe('the table of faults in docs/trust.md', () => {
  it('END-03 has a row for each fault, in order', () => {
    expect(rows.map(({ id }) => id)).toEqual(FAULTS)
  })

  it('END-03 names for each fault a test file that is there and has a title with its id, or says that it is not built yet', () => {
    for (const { id, measured, files } of rows) {
      if (files.length === 0) expect([id, measured]).toEqual([id, expect.stringContaining('not built yet')])
      for (const path of files) {
        expect([id, path, existsSync(join(PROJECT, path))]).toEqual([id, path, true])
        expect([id, path, titleWith(id).test(textOf(path))]).toEqual([id, path, true])
      }
    }
  })

  it('END-03 gives a command for each test file, whose pattern finds it', () => {
    for (const { id, command, files } of rows) {
      const patterns = [...command.matchAll(/--testPathPatterns ([^`]+)`/g)].flatMap(
        match => match[1]?.split(' ') ?? [],
      )
      const missed = files.filter(path => !patterns.some(pattern => path.includes(pattern)))
      expect([id, missed]).toEqual([id, []])
    }
  })

  it('END-03 points to sections of docs/real-account-checks.md that exist', () => {
    const sections = section(textOf('docs/real-account-checks.md'))
    const named = textOf('docs/trust.md')
      .split('\n')
      .filter(line => /^\| FI-\d/.test(line))
      .map(line => line.split('|').at(-2)?.trim() ?? '')
      .filter(name => name !== '')

    expect(named.length).toBeGreaterThan(4)
    expect(named.filter(name => !sections.includes(name))).toEqual([])
  })
})
