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
import {
  BY_MONTH,
  BY_OPEN,
  BY_REQUESTER,
  debtKey,
  digestKey,
  findingKey,
  freezeKey,
  idempotencyKey,
  LEASES,
  linkKey,
  requestKey,
  taskTokenKey,
  usesKey,
  watchKey,
} from '../lambdas/contract/keys.ts'
import { REVIEWS } from '../lambdas/contract/review.ts'
import { type Need, permission } from './need.ts'

/** Each index with the attribute it is partitioned by; made, and allowed to be read, from this one list. */
const INDEXES = { [BY_REQUESTER]: 'requester', [BY_MONTH]: 'month', [BY_OPEN]: 'open' } as const

type Index = keyof typeof INDEXES

/** The kinds of rows by their partition key. A request and its events share one: IAM cannot tell them apart, the conditions of the writes do. */
const ROWS = {
  requests: requestKey('*').pk,
  idempotencyKeys: idempotencyKey('*', '').pk,
  uses: usesKey('*').pk,
  debts: debtKey('*').pk,
  links: linkKey('*').pk,
  taskTokens: taskTokenKey('*').pk,
  freeze: freezeKey().pk,
  leases: LEASES,
  trackRecords: watchKey('*').pk,
  findings: findingKey('*').pk,
  digest: digestKey().pk,
  reviews: REVIEWS,
} as const
export type Rows = keyof typeof ROWS

/** Findings, and what is known of people, are written together. */
export const FINDING_ROWS = ['trackRecords', 'findings'] as const satisfies readonly Rows[]

/** What a function does with the table. */
export interface Uses {
  readonly reads?: readonly Rows[]
  readonly writes?: readonly Rows[]
  readonly finds?: readonly Index[]
}

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

  /** To read these rows, to write those (which takes reading them), and to find requests by an index. */
  toUse({ reads = [], writes = [], finds = [] }: Uses): TableNeed {
    const writing = writes.length > 0
    const statements = [
      this.#onRows('ReadTheLedger', READING, [...reads, ...writes]),
      ...(writing ? [this.#onRows('TakeSteps', WRITING, writes)] : []),
      ...(finds.length > 0 ? [this.#finding(finds)] : []),
      this.#usingTheKey(writing ? [...TO_DECRYPT, ...TO_ENCRYPT] : TO_DECRYPT),
    ]
    return { environment: { TABLE_NAME: this.table.tableName }, statements }
  }

  /** To be shown new rows by the stream. An event source gives them to the function, and reads by the function's role. */
  toFollow(): Need<never> {
    return permission(
      new PolicyStatement({ sid: 'FollowTheLedger', actions: FOLLOWING, resources: [this.streamArn] }),
      this.#usingTheKey(TO_DECRYPT, 'UseTheKeyOfTheStream'),
    )
  }

  get streamArn(): string {
    const { tableStreamArn } = this.table
    if (tableStreamArn === undefined) throw new RangeError('the table has no stream')
    return tableStreamArn
  }

  /**
   * One statement names all the kinds at once: whether DynamoDB judges a transaction by the keys of all its items or by those of each,
   * what is needed passes and nothing else does. Without a key in the request the condition holds, but only a Scan has none.
   */
  #onRows(sid: string, actions: string[], kinds: readonly Rows[]): PolicyStatement {
    const keys = [...new Set(kinds.map(kind => ROWS[kind]))].sort()
    const conditions = { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': keys } }
    return new PolicyStatement({ sid, actions, resources: [this.table.tableArn], conditions })
  }

  #finding(indexes: readonly Index[]): PolicyStatement {
    const resources = indexes.map(name => `${this.table.tableArn}/index/${name}`)
    return new PolicyStatement({ sid: 'FindRequests', actions: ['dynamodb:Query'], resources })
  }

  #usingTheKey(actions: string[], sid = 'UseTheKeyOfTheLedger'): PolicyStatement {
    return new PolicyStatement({
      sid,
      actions,
      resources: [this.#key.keyArn],
      conditions: { StringEquals: { 'kms:ViaService': `dynamodb.${this.table.stack.region}.amazonaws.com` } },
    })
  }
}

const READING = ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query']
const FOLLOWING = [
  'dynamodb:DescribeStream',
  'dynamodb:GetRecords',
  'dynamodb:GetShardIterator',
  'dynamodb:ListStreams',
]
const WRITING = ['dynamodb:PutItem', 'dynamodb:UpdateItem']
const TO_DECRYPT = ['kms:Decrypt', 'kms:DescribeKey']
const TO_ENCRYPT = ['kms:Encrypt', 'kms:GenerateDataKey']
