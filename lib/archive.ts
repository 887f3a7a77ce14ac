import { Duration, RemovalPolicy } from 'aws-cdk-lib'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms'
import {
  EventSourceMapping,
  FilterCriteria,
  FilterRule,
  type IFunction,
  StartingPosition,
} from 'aws-cdk-lib/aws-lambda'
import { SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources'
import { ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler'
import { Construct } from 'constructs'
import { BY_MONTH } from '../lambdas/contract/keys.ts'
import { CLOSED_STATUSES } from '../lambdas/domain/request.ts'
import type { Env as ArchiveEventsEnv } from '../lambdas/handlers/archive-events/env.ts'
import type { Env as RebuildArchiveEnv } from '../lambdas/handlers/rebuild-archive/env.ts'
import type { Env as SealDayEnv } from '../lambdas/handlers/seal-day/env.ts'
import type { AccessLogBucket, ArchiveBucket } from './buckets.ts'
import type { CheckedAccess } from './checked-access.ts'
import { toCount } from './counting.ts'
import type { FailureQueue } from './failures.ts'
import { LapseFunction } from './lapse-function.ts'
import type { LedgerTable } from './ledger-table.ts'
import { type Need, needs } from './need.ts'
import { Scheduled } from './scheduled.ts'
import { StagingBucket } from './staging-bucket.ts'

export interface ArchivingProps {
  readonly checked: CheckedAccess
  readonly ledger: LedgerTable
  readonly archive: ArchiveBucket
  readonly accessLogs: AccessLogBucket
  readonly failures: FailureQueue
}

/**
 * From the table into the locked archive: every new event is staged within a minute or two, every night the days that are over are
 * sealed and signed, every week what the stream never showed is looked for in the table.
 */
export class Archiving extends Construct {
  constructor(scope: Construct, id: string, { checked, ledger, archive, accessLogs, failures }: ArchivingProps) {
    super(scope, id)
    const staging = new StagingBucket(this, 'Staging', accessLogs)
    const follow = new LapseFunction<ArchiveEventsEnv>(this, 'ArchiveEvents', {
      checked,
      folder: 'archive-events',
      does: 'stages new events and closed requests for the archive',
      needs: needs(ledger.toFollow(), failures.toReport(), staging.toStage()),
      timeout: Duration.seconds(29),
      memorySize: 1024,
    })
    this.#follow(ledger, follow.function, failures).node.addDependency(follow)

    const seal = new LapseFunction<SealDayEnv>(this, 'SealDay', {
      checked,
      folder: 'seal-day',
      does: 'seals the days that are over and signs their digests',
      needs: needs(staging.toSeal(), archive.toSeal(), this.#toSign(), toCount()),
      failures,
      timeout: Duration.minutes(15),
      memorySize: 1769,
    })
    const rebuild = new LapseFunction<RebuildArchiveEnv>(this, 'RebuildArchive', {
      checked,
      folder: 'rebuild-archive',
      does: 'compares the archive with the table and stages what it lacks',
      needs: needs(
        ledger.toUse({ reads: ['requests'], finds: [BY_MONTH] }),
        staging.toComplete(),
        archive.toCompare(),
        toCount(),
      ),
      failures,
      timeout: Duration.minutes(15),
      memorySize: 1769,
    })
    new Scheduled(this, 'EachNight', {
      description: 'The sealing of the archive of Lapse',
      // Days of the archive are UTC, and so is this: two hours for what the stream shows late.
      schedule: ScheduleExpression.cron({ minute: '0', hour: '2' }),
      starts: seal.function,
    })
    new Scheduled(this, 'EachWeek', {
      description: 'The comparing of the archive of Lapse with its table',
      schedule: ScheduleExpression.cron({ minute: '0', hour: '1', weekDay: 'MON' }),
      starts: rebuild.function,
      target: { input: ScheduleTargetInput.fromObject({}) },
    })
  }

  /**
   * Large batches, so that there are few objects. What fails is halved and tried ten times more, then its place in the stream is left
   * in the queue and the stream goes on; the stream itself forgets after 24 hours, and the table never.
   */
  #follow(ledger: LedgerTable, target: IFunction, failures: FailureQueue): EventSourceMapping {
    const image = (pattern: Record<string, unknown>) => ({ dynamodb: { NewImage: pattern } })
    return new EventSourceMapping(this, 'Source', {
      target,
      eventSourceArn: ledger.streamArn,
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: 10_000,
      maxBatchingWindow: Duration.seconds(60),
      bisectBatchOnError: true,
      retryAttempts: 10,
      maxRecordAge: Duration.hours(23),
      onFailure: new SqsDlq(failures.queue),
      filters: [
        FilterCriteria.filter({
          eventName: FilterRule.isEqual('INSERT'),
          ...image({ kind: { S: FilterRule.isEqual('event') } }),
        }),
        FilterCriteria.filter(
          image({ kind: { S: FilterRule.isEqual('request') }, status: { S: FilterRule.or(...CLOSED_STATUSES) } }),
        ),
      ],
    })
  }

  #toSign(): Need<'SIGNING_KEY_ID'> {
    const key = new Key(this, 'SigningKey', {
      description: 'Lapse: signs the daily digests of the archive',
      keySpec: KeySpec.ECC_NIST_P256,
      keyUsage: KeyUsage.SIGN_VERIFY,
      removalPolicy: RemovalPolicy.RETAIN,
    })
    const sign = new PolicyStatement({
      sid: 'SignDigests',
      actions: ['kms:Sign'],
      resources: [key.keyArn],
      conditions: { StringEquals: { 'kms:SigningAlgorithm': 'ECDSA_SHA_256', 'kms:MessageType': 'DIGEST' } },
    })
    const show = new PolicyStatement({
      sid: 'ShowThePublicKey',
      actions: ['kms:GetPublicKey'],
      resources: [key.keyArn],
    })
    return { environment: { SIGNING_KEY_ID: key.keyId }, statements: [sign, show] }
  }
}
