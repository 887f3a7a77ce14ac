import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { asIsPolicies } from '../lambdas/domain/access-file.ts'
import packageJson from '../package.json' with { type: 'json' }
import { acknowledgeFindings } from './acknowledgements.ts'
import { Api } from './api.ts'
import { Archiving } from './archive.ts'
import { AsIsRemoval } from './as-is-removal.ts'
import { Books } from './books.ts'
import { AccessLogBucket, ArchiveBucket, ReportsBucket } from './buckets.ts'
import type { CheckedAccess } from './checked-access.ts'
import { Closing } from './closing.ts'
import { reserveNothing } from './concurrency.ts'
import { decidedWithMfa } from './decision-mfa.ts'
import { Decisions } from './decisions.ts'
import { Deliveries } from './deliveries.ts'
import { Drain } from './drain.ts'
import { Elevation } from './elevation.ts'
import { FailureQueue } from './failures.ts'
import { Findings } from './findings.ts'
import { Firewall } from './firewall.ts'
import { FollowUps } from './follow-ups.ts'
import { warnOfNoCeiling } from './iam/ceiling.ts'
import { LedgerTable } from './ledger-table.ts'
import { Mail } from './mail.ts'
import { Measuring } from './measuring.ts'
import { Observability } from './observability/observability.ts'
import { Outside } from './outside.ts'
import { Reviews } from './reviews.ts'
import type { TrailProps } from './trail.ts'
import { Watch } from './watch.ts'

export interface LapseStackProps extends StackProps, CheckedAccess, TrailProps {
  /** Where approvers reach the pages, without a slash at its end; API Gateway's own address if not given. */
  readonly publicUrl?: string | undefined
  /** How long nothing in the archive can be changed or deleted, by anybody. */
  readonly archiveRetentionDays: number
  /** ARNs of permissions boundaries; only people who carry one of them get a grant. */
  readonly boundaries?: readonly string[] | undefined
  /** IAM's quota of managed policies a user: 10, or what AWS has raised it to for the account. */
  readonly attachmentsPerUser?: number | undefined
  /** Whether functions have executions of their own; an account with a small quota cannot give any. */
  readonly reservesConcurrency?: boolean | undefined
}

/** All of Lapse: what it keeps, how it speaks, the way of a request, the reviews. */
export class LapseStack extends Stack {
  constructor(scope: Construct, id: string, props: LapseStackProps) {
    super(scope, id, props)
    const { access, hash, publicUrl, archiveRetentionDays, boundaries = [], attachmentsPerUser = 10 } = props
    const { reservesConcurrency = true, trail, trailKey } = props
    const checked = { access, hash }

    const ledger = new LedgerTable(this, 'Ledger')
    const accessLogs = new AccessLogBucket(this, 'AccessLogs', archiveRetentionDays)
    const archive = new ArchiveBucket(this, 'Archive', archiveRetentionDays, accessLogs)
    const reports = new ReportsBucket(this, 'Reports', accessLogs)
    const failures = new FailureQueue(this, 'Failures')
    const mail = new Mail(this, 'Mail', access.mail.from)
    const api = new Api(this, 'Api', { decidesWithMfa: decidedWithMfa(access).length > 0 })

    const address = publicUrl ?? api.url
    const asking = { checked, ledger, boundaries, attachmentsPerUser }
    const elevation = new Elevation(this, 'Elevation', { ...asking, mail, api, publicUrl: address })
    const { workflow } = elevation
    const followUps = new FollowUps(this, 'FollowUps', { ...asking, mail, api, workflow })
    const decisions = new Decisions(this, 'Decisions', { checked, ledger, mail, api, workflow })
    const closing = new Closing(this, 'Closing', { checked, ledger, mail, api, workflow, failures })
    const books = new Books(this, 'Books', { checked, ledger, failures, trail, trailKey })
    const deliveries = new Deliveries(this, 'Deliveries', { checked, ledger, mail, workflow, failures })
    const reviews = new Reviews(this, 'Reviews', {
      checked,
      ledger,
      archive,
      reports,
      api,
      version: packageJson.version,
      failures,
    })
    const archiving = new Archiving(this, 'Archiving', { checked, ledger, archive, accessLogs, failures })
    const watch = new Watch(this, 'Watch', { checked, ledger, mail, failures, apiUrl: address })
    const findings = new Findings(this, 'Findings', { checked, ledger, api })
    const firewall = new Firewall(this, 'Firewall', api.api)
    const outside = new Outside(this, 'Outside', { checked, failures, sweep: closing.sweep, ledger, watch })
    const measuring = new Measuring(this, 'Measuring', { checked, ledger, failures })
    const { stateMachine } = workflow
    const observability = new Observability(this, 'Observability', { api: api.api, stateMachine })
    const before = [
      ledger,
      accessLogs,
      archive,
      reports,
      failures,
      mail,
      api,
      elevation,
      followUps,
      decisions,
      closing,
      books,
      deliveries,
      reviews,
      archiving,
      watch,
      findings,
      firewall,
      outside,
      measuring,
      observability,
    ]
    const drain = new Drain(this, 'Drain', { checked, ledger, mail, failures, workflow, before })
    if (asIsPolicies(access).length > 0) {
      const removers = [elevation.remover, ...closing.removers, drain.drains.role]
      drain.goesBefore(new AsIsRemoval(this, 'AsIs', { access, ledger, removers, drains: drain.drains }))
    }

    const outputs = {
      ApiUrl: address,
      TableName: ledger.table.tableName,
      ArchiveBucket: archive.bucket.bucketName,
      ReportsBucket: reports.bucket.bucketName,
      StateMachineArn: workflow.stateMachine.stateMachineArn,
      PageTopicArn: observability.topics.of.page.topicArn,
      TicketTopicArn: observability.topics.of.ticket.topicArn,
    }
    for (const [name, value] of Object.entries(outputs)) new CfnOutput(this, name, { value, key: name })
    if (boundaries.length === 0) warnOfNoCeiling(this)
    if (!reservesConcurrency) reserveNothing(this)
    acknowledgeFindings(this, access)
  }
}
