import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import packageJson from '../package.json' with { type: 'json' }
import { acknowledgeFindings } from './acknowledgements.ts'
import { Api } from './api.ts'
import { ArchiveBucket, ReportsBucket } from './buckets.ts'
import type { CheckedAccess } from './checked-access.ts'
import { Closing } from './closing.ts'
import { Drain } from './drain.ts'
import { Elevation } from './elevation.ts'
import { warnOfNoCeiling } from './iam/ceiling.ts'
import { LedgerTable } from './ledger-table.ts'
import { Mail } from './mail.ts'
import { Reviews } from './reviews.ts'

export interface LapseStackProps extends StackProps, CheckedAccess {
  /** Where approvers reach the pages, without a slash at its end; API Gateway's own address if not given. */
  readonly publicUrl?: string | undefined
  /** How long nothing in the archive can be changed or deleted, by anybody. */
  readonly archiveRetentionDays: number
  /** ARNs of permissions boundaries; only people who carry one of them get a grant. */
  readonly boundaries?: readonly string[] | undefined
  /** IAM's quota of managed policies a user: 10, or what AWS has raised it to for the account. */
  readonly attachmentsPerUser?: number | undefined
}

/** All of Lapse: what it keeps, how it speaks, the way of a request, the reviews. */
export class LapseStack extends Stack {
  constructor(scope: Construct, id: string, props: LapseStackProps) {
    super(scope, id, props)
    const { access, hash, publicUrl, archiveRetentionDays, boundaries = [], attachmentsPerUser = 10 } = props
    const checked = { access, hash }

    const ledger = new LedgerTable(this, 'Ledger')
    const archive = new ArchiveBucket(this, 'Archive', archiveRetentionDays)
    const reports = new ReportsBucket(this, 'Reports')
    const mail = new Mail(this, 'Mail', access.mail.from)
    const api = new Api(this, 'Api')

    const address = publicUrl ?? api.url
    const elevation = new Elevation(this, 'Elevation', {
      checked,
      ledger,
      mail,
      api,
      publicUrl: address,
      boundaries,
      attachmentsPerUser,
    })
    const closing = new Closing(this, 'Closing', { checked, ledger, mail, api, workflow: elevation.workflow })
    const reviews = new Reviews(this, 'Reviews', {
      checked,
      ledger,
      archive,
      reports,
      api,
      version: packageJson.version,
    })
    const before = [ledger, archive, reports, mail, api, elevation, closing, reviews]
    new Drain(this, 'Drain', { checked, ledger, mail, before })

    const outputs = {
      ApiUrl: address,
      TableName: ledger.table.tableName,
      ArchiveBucket: archive.bucket.bucketName,
      ReportsBucket: reports.bucket.bucketName,
      StateMachineArn: elevation.workflow.stateMachine.stateMachineArn,
    }
    for (const [name, value] of Object.entries(outputs)) new CfnOutput(this, name, { value, key: name })
    if (boundaries.length === 0) warnOfNoCeiling(this)
    acknowledgeFindings(this, access)
  }
}
