import { describe, expect, it } from '@jest/globals'
import { synthesized } from '../../support/synthesized.ts'

const { Resources } = synthesized().template

/** What must be there as long as a resource is: CloudFormation deletes it only after the resource. */
function needsOf(id: string): readonly string[] {
  const { DependsOn = [], Properties = {} } = Resources[id] ?? {}
  const text = JSON.stringify(Properties)
  const refs = [...text.matchAll(/"(?:Ref|Fn::GetAtt)":(?:\["|")([^"]+)"/g)].map(match => match[1] ?? '')
  const subs = [...text.matchAll(/\$\{([A-Za-z0-9]+)[.}]/g)].map(match => match[1] ?? '')
  return [...[DependsOn].flat(), ...refs, ...subs].filter(name => Object.hasOwn(Resources, name))
}

function outlives(first: string): ReadonlySet<string> {
  const met = new Set<string>()
  const open = [first]
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (met.has(id)) continue
    met.add(id)
    open.push(...needsOf(id))
  }
  return met
}

const pathOf = (id: string) => String(Resources[id]?.Metadata['aws:cdk:path'] ?? id).replace(/^[^/]+\//, '')

describe('the drain', () => {
  const [drain = '', ...others] = Object.keys(Resources).filter(id => Resources[id]?.Type === 'Custom::LapseDrain')

  it('END-07 is one resource, and when it refuses to go CloudFormation keeps everything', () => {
    expect([drain === '', others]).toEqual([false, []])
    const before = outlives(drain)
    const free = Object.keys(Resources).filter(id => !before.has(id) && Resources[id]?.Type !== 'AWS::CDK::Metadata')

    const rooms = new Set(free.map(id => pathOf(id).split('/')[0]))
    expect([...rooms].sort()).toEqual([])
  })

  it('END-07 is needed by nothing, so that it is the first to go', () => {
    const above = Object.keys(Resources).filter(id => needsOf(id).includes(drain))

    expect(above).toEqual([])
  })
})
