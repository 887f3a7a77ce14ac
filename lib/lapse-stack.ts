import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import packageJson from '../package.json' with { type: 'json' }
import { Api } from './api.ts'
import { ArchiveBucket, ReportsBucket } from './buckets.ts'
import { Elevation } from './elevation.ts'
import type { CheckedAccess } from './lapse-function.ts'
import { LedgerTable } from './ledger-table.ts'
import { Mail } from './mail.ts'
import { Reviews } from './reviews.ts'

export interface LapseStackProps extends StackProps, CheckedAccess {
  /** Where approvers reach the pages, without a slash at its end; API Gateway's own address if not given. */
  readonly publicUrl?: string | undefined
  /** How long nothing in the archive can be changed or deleted, by anybody. */
  readonly archiveRetentionDays: number
}

/** All of Lapse: what it keeps, how it speaks, the way of a request, the reviews. */
export class LapseStack extends Stack {
  constructor(scope: Construct, id: string, props: LapseStackProps) {
    super(scope, id, props)
    const { access, hash, publicUrl, archiveRetentionDays } = props
    const checked = { access, hash }

    const ledger = new LedgerTable(this, 'Ledger')
    const archive = new ArchiveBucket(this, 'Archive', archiveRetentionDays)
    const reports = new ReportsBucket(this, 'Reports')
    const mail = new Mail(this, 'Mail', access.mail.from)
    const api = new Api(this, 'Api')

    const elevation = new Elevation(this, 'Elevation', { checked, ledger, mail, api, publicUrl: publicUrl ?? api.url })
    new Reviews(this, 'Reviews', { checked, ledger, archive, reports, api, version: packageJson.version })

    const outputs = {
      ApiUrl: publicUrl ?? api.url,
      TableName: ledger.table.tableName,
      ArchiveBucket: archive.bucket.bucketName,
      ReportsBucket: reports.bucket.bucketName,
      StateMachineArn: elevation.workflow.stateMachine.stateMachineArn,
    }
    for (const [name, value] of Object.entries(outputs)) new CfnOutput(this, name, { value, key: name })
  }
}
