import { describe, expect, it } from '@jest/globals'
import { repositoryFiles } from './support/source-files.ts'
import { synthesized } from './support/synthesized.ts'

const pages = repositoryFiles().filter(({ path }) => path === 'README.md' || /^docs\/[^/]+\.md$/.test(path))
const textOf = (path: string) => pages.find(page => page.path === path)?.text ?? ''

describe('the pages for who deploys and audits', () => {
  it('OPS-01 install before the first command of a deployment', () => {
    const [, deploying = ''] = /^## Deploy to AWS$([\s\S]*?)^## /m.exec(textOf('README.md')) ?? []

    expect(deploying.indexOf('npm install')).toBeGreaterThan(0)
    expect(deploying.indexOf('npm install')).toBeLessThan(deploying.indexOf('npx '))
  })

  it('OPS-01 run TypeScript with the pinned Node alone: older ones do not read it', () => {
    const { warnings } = synthesized()
    const texts = [...pages.map(({ text }) => text), ...warnings]

    expect(texts.join('\n')).toContain('npx node bin/print-ceiling.ts')
    expect(texts.flatMap(text => text.match(/(?<!npx )\bnode \S+\.ts\b/g) ?? [])).toEqual([])
  })

  it('AUD-02 name the signing key as the stack does', () => {
    const [, id = ''] = /starts_with\(LogicalResourceId, '(\w+)'\)/.exec(textOf('docs/archive.md')) ?? []
    const named = synthesized().resources.filter(resource => id !== '' && resource.id.startsWith(id))

    expect(named.map(({ type }) => type)).toEqual(['AWS::KMS::Key'])
  })

  it('ANO-02 call an overdue removal no danger only where a fence has ended the access', () => {
    const alarm = synthesized().resources.find(({ properties }) => properties.AlarmName === 'Lapse-overdue-removal')
    const [, section = ''] = /^## overdue-removal$([\s\S]*?)^## /m.exec(textOf('docs/runbook.md')) ?? []

    expect(alarm?.properties.AlarmDescription).toMatch(/attached as it is has none/)
    expect(section).toMatch(/attached as it is has no fence: the person still has the access/)
  })

  it('OPS-02 sort the queries that curl signs: it signs them as they stand, and AWS sorts them', () => {
    const lines = pages.flatMap(({ text }) => text.match(/^curl \$SIGN.*$/gm) ?? [])
    const queries = lines.flatMap(line => /\?(?<query>[\w=&-]+&[\w=&-]+)/.exec(line)?.groups?.query ?? [])

    expect(queries.length).toBeGreaterThan(0)
    expect(queries.filter(query => query !== query.split('&').sort().join('&'))).toEqual([])
  })
})
