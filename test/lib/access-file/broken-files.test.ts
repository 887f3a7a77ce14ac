import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import { $edit, complaintsOf, edited } from './small-file.ts'

const FOLDER = new URL('./broken-files/', import.meta.url)
/** Each problem as `line:column path: message. Fix: what to do.`, in the order of the file. */
const $cases = z.array($edit.extend({ problems: z.array(z.string()).min(1) }))

describe.each(readdirSync(FOLDER))('%s', name => {
  const cases = $cases.parse(JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8')))

  it.each(cases)('$fact is refused with its line, its column and what to do', ({ replace, by, problems }) => {
    expect(complaintsOf(edited(replace, by))).toEqual(problems)
  })
})
