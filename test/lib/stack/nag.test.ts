import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { Validations } from 'aws-cdk-lib'
import { Annotations, Match } from 'aws-cdk-lib/assertions'
import { AwsSolutionsChecks, NIST80053R5Checks, ServerlessChecks } from 'cdk-nag'
import { z } from 'zod'
import { loadAccessFile } from '../../../lib/access-file/load.ts'
import { acknowledgements } from '../../../lib/acknowledgements.ts'
import { CEILING } from '../../support/iam-corpus.ts'
import { lapseApp } from '../../support/synthesize.ts'
import { $template, resourcesOf } from '../../support/synthesized.ts'
import { rolesOf, statementsOf } from '../../support/template-policies.ts'

jest.setTimeout(60_000)

const ROOT = join(import.meta.dirname, '..', '..', '..')
const $violation = z.object({
  ruleName: z.string(),
  violatingConstructs: z.array(z.object({ constructPath: z.string() })),
})
const $report = z.object({
  pluginReports: z.array(
    z.object({
      pluginName: z.string(),
      violations: z.array($violation),
      suppressedViolations: z
        .array($violation.extend({ acknowledgedId: z.string(), acknowledgedAt: z.string() }))
        .default([]),
    }),
  ),
})

// Built with a ceiling, so that one synthesis answers for that too; findings are the same with and without.
const { app, stack, outdir } = lapseApp({ boundaries: [CEILING] })
let reports: z.infer<typeof $report>['pluginReports'] = []
let template: unknown

beforeAll(() => {
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app), new NIST80053R5Checks(app))
  template = app.synth().getStackByName('Lapse').template
  reports = $report.parse(JSON.parse(readFileSync(join(outdir, 'validation-report.json'), 'utf8'))).pluginReports
})
afterAll(() => rmSync(outdir, { recursive: true, force: true }))

describe('cdk-nag', () => {
  const accepted = acknowledgements(loadAccessFile(join(ROOT, 'access.yaml')).access)

  it('OPS-01 finds nothing in AwsSolutions, Serverless and NIST 800-53 R5 that is not acknowledged', () => {
    expect(reports.map(({ pluginName }) => pluginName)).toEqual(['AwsSolutions', 'Serverless', 'NIST.800.53.R5'])
    expect(reports.flatMap(({ violations }) => violations)).toEqual([])
  })

  it('OPS-01 finds everything that is acknowledged: none of it is out of date', () => {
    const used = reports.flatMap(({ suppressedViolations }) =>
      suppressedViolations.map(
        ({ acknowledgedId, acknowledgedAt }) => `${ruleOf(acknowledgedId)} ${acknowledgedAt.replace(/^Lapse\/?/, '')}`,
      ),
    )
    const unused = accepted.map(({ id, at }) => `${ruleOf(id)} ${at}`).filter(each => !used.includes(each))

    expect(unused).toEqual([])
  })

  it('OPS-01 is answered with a reason and a test that is there', () => {
    expect(accepted.filter(({ reason }) => reason.length < 30)).toEqual([])
    expect([...new Set(accepted.map(({ proof }) => proof))].filter(proof => !existsSync(join(ROOT, proof)))).toEqual([])
  })

  it('OPS-01 has these rules acknowledged and no others', () => {
    expect([...new Set(accepted.map(({ id }) => ruleOf(id)))].sort()).toEqual([
      'APIGWCacheEnabledAndEncrypted',
      'APIGWExecutionLoggingEnabled',
      'APIGWSSLEnabled',
      'APIGWXrayEnabled',
      'AwsSolutions-APIG2',
      'AwsSolutions-APIG4',
      'AwsSolutions-APIG6',
      'AwsSolutions-COG4',
      'AwsSolutions-IAM4',
      'AwsSolutions-IAM5',
      'CloudWatchLogGroupEncrypted',
      'DynamoDBInBackupPlan',
      'LambdaDLQ',
      'LambdaInsideVPC',
      'S3BucketReplicationEnabled',
      'S3DefaultEncryptionKMS',
      'SQSRedrivePolicy',
    ])
  })

  /** `NIST.800.53.R5::NIST.800.53.R5-LambdaDLQ` → `LambdaDLQ`; findings in brackets hold tokens and are left out. */
  function ruleOf(id: string): string {
    return id
      .replace(/^[^:]+::/, '')
      .replace(/\[.*$/, '')
      .replace(/^(?:NIST\.800\.53\.R5|Serverless)-/, '')
  }
})

describe('a stack with a ceiling', () => {
  it('GRA-08 attaches only to people who carry it, and warns of nothing', () => {
    const applier = rolesOf(resourcesOf($template.parse(template))).find(({ name }) => name === 'Elevation/Applier')
    const attaching = applier && statementsOf(applier).find(({ Sid }) => Sid === 'AttachGrantPoliciesToPeople')

    expect(attaching?.Condition?.ArnEquals).toEqual({ 'iam:PermissionsBoundary': [CEILING] })
    expect(Annotations.fromStack(stack).findWarning('*', Match.anyValue())).toEqual([])
  })
})
