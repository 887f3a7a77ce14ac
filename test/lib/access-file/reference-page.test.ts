import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { accessFileJsonSchema } from '../../../lib/access-file/json-schema.ts'
import { complaintsOf, edited } from './small-file.ts'

describe('docs/access-file.md', () => {
  const page = readFileSync(new URL('../../../docs/access-file.md', import.meta.url), 'utf8')

  it('POL-01 has an example that is sound', () => {
    const example = /## An example\n+```yaml\n(?<text>[^`]+)```/.exec(page)?.groups?.text ?? ''

    expect(complaintsOf(example)).toEqual([])
  })

  it('POL-01 names every key of the schema', () => {
    const keys = [...accessFileJsonSchema().matchAll(/"(?<key>\w+)": \{\n/g)].map(match => match.groups?.key ?? '')
    const words = new Set(['properties', 'propertyNames', 'additionalProperties', 'items'])
    const missing = keys.filter(key => !words.has(key) && !new RegExp(`\`(?:[\\w[\\]]+\\.)*${key}[\`.[]`).test(page))

    expect(missing).toEqual([])
  })

  it('POL-01 shows an error as it is', () => {
    const text = edited('allow: [group:engineers]', 'allow: [group:engineer]')

    expect(page).toContain(`access.yaml:${complaintsOf(text).join()}`)
  })
})
