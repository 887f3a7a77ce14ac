import { rmSync } from 'node:fs'
import { describe, expect, it, jest } from '@jest/globals'
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions'
import { lapseApp, synthesize } from '../../support/synthesize.ts'
import { $template, synthesized } from '../../support/synthesized.ts'

jest.setTimeout(60_000)

describe('the template', () => {
  const { template } = synthesized()

  it('OPS-01 is the same when it is synthesized again, in another process and folder', () => {
    expect($template.parse(synthesize().template)).toEqual(template)
  })

  it('OPS-01 holds no token that was not resolved, and nothing of the machine it was made on', () => {
    const text = JSON.stringify(template)

    expect(text).not.toContain('${Token[')
    expect(text).not.toMatch(/TOKEN\.\d+|undefined|\[object Object\]/)
    expect(text).not.toContain(import.meta.dirname.split('/test/')[0])
  })

  it('OPS-01 reserves no executions in an account that has none to give, and says what that means', () => {
    const { stack, outdir } = lapseApp({ reservesConcurrency: false })
    const functions = Template.fromStack(stack).findResources('AWS::Lambda::Function')
    const warnings = Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('executions of its own'))
    rmSync(outdir, { recursive: true, force: true })

    expect(Object.values(functions).filter(({ Properties }) => 'ReservedConcurrentExecutions' in Properties)).toEqual(
      [],
    )
    expect(Object.keys(functions).length).toBeGreaterThan(15)
    expect(warnings).toHaveLength(1)
    expect(synthesized().warnings.filter(warning => warning.includes('executions of its own'))).toEqual([])
  })

  it('OPS-01 stays within what CloudFormation takes: 500 resources, 1 MB', () => {
    expect(Object.keys(template.Resources).length).toBeLessThan(500)
    expect(JSON.stringify(template).length).toBeLessThan(1_000_000)
  })
})
