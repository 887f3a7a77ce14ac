import { RemovalPolicy } from 'aws-cdk-lib'
import {
  AttributeType,
  BillingMode,
  ProjectionType,
  StreamViewType,
  Table,
  TableEncryption,
} from 'aws-cdk-lib/aws-dynamodb'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { Key } from 'aws-cdk-lib/aws-kms'
import { Construct } from 'constructs'
import { BY_MONTH, BY_OPEN, BY_REQUESTER } from '../lambdas/contract/keys.ts'
import type { Need } from './need.ts'

/** Each index with the attribute it is partitioned by; made, and allowed to be read, from this one list. */
const INDEXES = { [BY_REQUESTER]: 'requester', [BY_MONTH]: 'month', [BY_OPEN]: 'open' } as const

type TableNeed = Need<'TABLE_NAME'>

/**
 * The one table: requests, their events, links, reviews.
 * Invariant: no role may delete an item; what is written is only ever added to.
 */
export class LedgerTable extends Construct {
  readonly table: Table
  readonly #key: Key

  constructor(scope: Construct, id: string) {
    super(scope, id)
    this.#key = new Key(this, 'Key', {
      description: 'Lapse: requests and their ledger',
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN,
    })
    this.table = new Table(this, 'Table', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: this.#key,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
      timeToLiveAttribute: 'ttl',
      stream: StreamViewType.NEW_AND_OLD_IMAGES,
    })
    const sortKey = { name: 'id', type: AttributeType.STRING }
    for (const [indexName, partition] of Object.entries(INDEXES)) {
      const partitionKey = { name: partition, type: AttributeType.STRING }
      this.table.addGlobalSecondaryIndex({ indexName, partitionKey, sortKey, projectionType: ProjectionType.KEYS_ONLY })
    }
  }

  /** To read requests, events and links. */
  toRead(): TableNeed {
    return this.#need([this.#reading(), this.#decrypting()])
  }

  /** To take steps: add events, and change what is not an event. */
  toWrite(): TableNeed {
    const writing = new PolicyStatement({
      sid: 'TakeSteps',
      actions: ['dynamodb:PutItem', 'dynamodb:UpdateItem'],
      resources: [this.table.tableArn],
    })
    return this.#need([this.#reading(), writing, this.#decrypting()])
  }

  #need(statements: readonly PolicyStatement[]): TableNeed {
    return { environment: { TABLE_NAME: this.table.tableName }, statements }
  }

  #reading(): PolicyStatement {
    const indexes = Object.keys(INDEXES).map(name => `${this.table.tableArn}/index/${name}`)
    return new PolicyStatement({
      sid: 'ReadTheLedger',
      actions: ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'],
      resources: [this.table.tableArn, ...indexes],
    })
  }

  #decrypting(): PolicyStatement {
    return new PolicyStatement({
      sid: 'UseTheKeyOfTheLedger',
      actions: ['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:DescribeKey'],
      resources: [this.#key.keyArn],
      conditions: { StringEquals: { 'kms:ViaService': `dynamodb.${this.table.stack.region}.amazonaws.com` } },
    })
  }
}
