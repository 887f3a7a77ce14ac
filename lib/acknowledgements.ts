import { CfnElement, type Stack, Token, Validations } from 'aws-cdk-lib'
import type { IConstruct } from 'constructs'
import { type AccessFile, asIsPolicies } from '../lambdas/domain/access-file.ts'
import { lookedAt, peoplePatterns } from './iam/applier-permissions.ts'

/** A finding of cdk-nag that is right about the template and no flaw here. */
export interface Acknowledgement {
  /** `pack::rule`, with the finding in brackets where a rule has several. `<path>` stands for the logical id of that construct. */
  readonly id: string
  /** The construct, as a path below the stack; the whole stack if empty. */
  readonly at: string
  readonly reason: string
  /** The test that shows what the rule wants shown. */
  readonly proof: string
}

const ROLES = 'test/trust/roles-cannot-escalate.test.ts'
const API = 'test/lib/stack/api.test.ts'
const FUNCTIONS = 'test/lib/stack/functions.test.ts'
const STORES = 'test/lib/stack/stores.test.ts'
const NIST = 'NIST.800.53.R5::NIST.800.53.R5-'
const SOLUTIONS = 'AwsSolutions::AwsSolutions-'
const SERVERLESS = 'Serverless::Serverless-'

/** Every finding that is accepted; what is not here fails test/lib/stack/nag.test.ts, and so does what is here and no longer found. */
export function acknowledgements(access: AccessFile): readonly Acknowledgement[] {
  return [...API_FINDINGS, ...FUNCTION_FINDINGS, ...STORE_FINDINGS, ...iamFindings(access)]
}

/** Tells cdk-nag, if whoever deploys runs it, what is known already. That every construct named is there is for the test to say. */
export function acknowledgeFindings(stack: Stack, access: AccessFile): void {
  for (const { id, at, reason } of acknowledgements(access)) {
    const scope = at === '' ? stack : childAt(stack, at)
    if (scope) Validations.of(scope).acknowledge({ id: filledIn(stack, id), reason })
  }
}

const API_FINDINGS: readonly Acknowledgement[] = [
  {
    id: `${SOLUTIONS}APIG2`,
    at: 'Api',
    reason:
      'A validator of API Gateway answers "Invalid request body" and no more. Every body and parameter is parsed by the schema of its handler, which names the member and says what would pass.',
    proof: 'test/handlers/robustness.test.ts',
  },
  {
    id: `${SOLUTIONS}APIG4`,
    at: 'Api/Api/Default/decide',
    reason:
      'The page of a link is authorized by the 256-bit token in its path and the code of the mail; approvers have no AWS identity.',
    proof: 'test/handlers/decide-by-link.test.ts',
  },
  {
    id: `${SOLUTIONS}COG4`,
    at: 'Api',
    reason: 'Callers are IAM principals and sign with SigV4 (AWS_IAM), which Cognito would only weaken.',
    proof: API,
  },
  ...[`${SOLUTIONS}APIG6`, `${NIST}APIGWExecutionLoggingEnabled`, `${SERVERLESS}APIGWXrayEnabled`].map(id => ({
    id,
    at: 'Api',
    reason:
      'Execution logs and traces of a stage hold the path of every call, and the path of a link is a credential. The access log names the route, who answered and what the firewall did; functions and workflow are traced.',
    proof: API,
  })),
  {
    id: `${NIST}APIGWSSLEnabled`,
    at: 'Api',
    reason: 'Integrations are Lambda functions, reached by IAM and not over a client certificate.',
    proof: FUNCTIONS,
  },
  {
    id: `${NIST}APIGWCacheEnabledAndEncrypted`,
    at: 'Api',
    reason: 'A cached answer about access would be a wrong one.',
    proof: API,
  },
]

/** The functions that somebody waits for. */
const AWAITED = [
  'Elevation',
  'Decisions',
  'FollowUps',
  'Closing/EndRequest',
  'Closing/RevokeRequest',
  'Closing/FreezeAccess',
  'Reviews/OpenReview',
  'Reviews/ReadReviews',
  'Findings',
]

/** The functions that the stream of the table shows what is new, each with the test of its event source. */
const FOLLOWING = [
  ['Watch/WatchEvents', 'test/lib/stack/watch.test.ts'],
  ['Archiving/ArchiveEvents', 'test/lib/stack/archive.test.ts'],
] as const

const FUNCTION_FINDINGS: readonly Acknowledgement[] = [
  {
    id: `${NIST}LambdaInsideVPC`,
    at: '',
    reason:
      'Functions call AWS APIs only; a network of their own adds ways for a removal to fail and protects nothing.',
    proof: ROLES,
  },
  ...AWAITED.flatMap(at =>
    [`${NIST}LambdaDLQ`, `${SERVERLESS}LambdaDLQ`].map(id => ({
      id,
      at,
      reason:
        'Called by API Gateway or the workflow, which get the error; Lambda sends to a queue only what nobody waits for.',
      proof: FUNCTIONS,
    })),
  ),
  ...FOLLOWING.flatMap(([at, proof]) =>
    [`${NIST}LambdaDLQ`, `${SERVERLESS}LambdaDLQ`].map(id => ({
      id,
      at,
      reason: 'Shown events by the stream, whose event source leaves in the queue what failed too often.',
      proof,
    })),
  ),
  {
    id: `${NIST}CloudWatchLogGroupEncrypted`,
    at: '',
    reason:
      'Logs are encrypted by CloudWatch and hold neither tokens nor codes; a key whose loss blinds operations would add a risk.',
    proof: 'test/runtime/logger.test.ts',
  },
]

/** Each bucket with the reason why one copy, in one region, is enough. */
const BUCKETS: ReadonlyMap<string, string> = new Map([
  [
    'Archive',
    'Its objects are locked and versioned, and a manifest tells whether a pack made again from the table is the same.',
  ],
  ['Reports', 'Packs can be made again from the table, which has point-in-time recovery.'],
  [
    'Archiving/Staging',
    'What waits here is in the table too, and is staged again from there when the archive lacks it.',
  ],
  ['AccessLogs', 'S3 delivers access logs as best it can; what is evidence is in the archive.'],
])

const STORE_FINDINGS: readonly Acknowledgement[] = [
  ...[...BUCKETS].map(([at, whyOneCopy]) => ({
    id: `${NIST}S3BucketReplicationEnabled`,
    at,
    reason: whyOneCopy,
    proof: STORES,
  })),
  ...[...BUCKETS.keys()].map(at => ({
    id: `${NIST}S3DefaultEncryptionKMS`,
    at,
    reason:
      'Encrypted with keys of S3: evidence must stay readable for its whole retention, also after a key of ours is gone, and S3 delivers access logs to no other.',
    proof: STORES,
  })),
  {
    id: `${NIST}DynamoDBInBackupPlan`,
    at: 'Ledger',
    reason:
      'Point-in-time recovery restores every second of 35 days; every event is in the locked archive of its review besides.',
    proof: STORES,
  },
  {
    id: `${SERVERLESS}SQSRedrivePolicy`,
    at: 'Failures',
    reason: 'It is the end of the chain: what lies there a person reads, and no function does.',
    proof: FUNCTIONS,
  },
]

/** Wildcards in resources. Their number says nothing about what a role can reach; the simulation of every role does. */
function iamFindings(access: AccessFile): readonly Acknowledgement[] {
  const wildcard = (resource: string, at: string, reason: string): Acknowledgement => ({
    id: `${SOLUTIONS}IAM5[Resource::${resource}]`,
    at,
    reason,
    proof: ROLES,
  })
  const iam = 'arn:<partition>:iam::<account>:'
  const people = peoplePatterns(access).filter(pattern => pattern.includes('*'))
  const { users, roles } = lookedAt(access)
  return [
    {
      id: `${SOLUTIONS}IAM4[Policy::arn:<partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]`,
      at: 'Api',
      reason: 'The policy AWS documents for the one account-wide role API Gateway writes its logs with.',
      proof: ROLES,
    },
    ...['Elevation/Issuer', 'Elevation/Applier', ...REMOVERS].map(at =>
      wildcard(
        `${iam}policy/lapse/grant/*`,
        at,
        'The names of grant policies exist only at run time; the path is theirs alone.',
      ),
    ),
    ...(asIsPolicies(access).length === 0
      ? []
      : [
          wildcard(
            `${iam}user/*`,
            'AsIs',
            'A removal must reach the user wherever it is now; only listed policies can be detached.',
          ),
        ]),
    ...REMOVERS.flatMap(at =>
      ['user', 'role', 'group'].map(kind =>
        wildcard(
          `${iam}${kind}/*`,
          at,
          'A removal must reach whoever wrongly carries a grant policy; only grant policies can be detached.',
        ),
      ),
    ),
    ...['group', 'policy'].map(kind =>
      wildcard(
        `${iam}${kind}/*`,
        'Outside/NoteOutsideChange',
        'Which group or policy somebody changes is not known before; who has it is read, and nothing changed.',
      ),
    ),
    ...people.map(pattern =>
      wildcard(`${iam}${pattern}`, 'Elevation/Applier', 'The people of the access file, by their IAM path.'),
    ),
    ...['Elevation/Applier', 'Elevation/CreateRequest', 'FollowUps/ExtendRequest'].flatMap(at =>
      [...users, ...roles].map(pattern =>
        wildcard(
          `${iam}${pattern}`,
          at,
          'Who is gone or was moved must be seen to be, wherever they are now; they are read, and nothing changed.',
        ),
      ),
    ),
    ...WITHOUT_RESOURCES.map(at =>
      wildcard(
        '*',
        at,
        'Actions that know no resources: delivery of logs, traces, counting of IAM quotas, listing of policies, metrics, CloudTrail’s event history.',
      ),
    ),
    ...['AskApprovers', 'ClimbLadder', 'Issuer', 'Applier', 'Revoker'].map(name =>
      wildcard(
        `<Elevation/${name}/Function>:*`,
        'Elevation/Workflow/Service',
        'Every version of its own steps: a running execution calls the versions it began with.',
      ),
    ),
    wildcard('<Archive/Bucket>/*', 'Reviews/ProduceReview', 'Adds objects to the archive; what is in it is locked.'),
    ...['events', 'requests'].flatMap(table => [
      ...['ArchiveEvents', 'SealDay', 'RebuildArchive'].map(name =>
        wildcard(
          `<Archiving/Staging/Bucket>/${table}/*`,
          `Archiving/${name}`,
          'Objects are named after their day, and days come with time.',
        ),
      ),
      ...['SealDay', 'RebuildArchive'].map(name =>
        wildcard(`<Archive/Bucket>/${table}/*`, `Archiving/${name}`, 'Days come with time; what is in them is locked.'),
      ),
    ]),
    wildcard(
      '<Archiving/Staging/Bucket>/unreadable/*',
      'Archiving/ArchiveEvents',
      'What cannot be archived is set aside under its place in the stream.',
    ),
    ...['digests', 'keys', 'reviews'].map(folder =>
      wildcard(`<Archive/Bucket>/${folder}/*`, 'Archiving/SealDay', 'Days, keys and periods come with time.'),
    ),
    ...['ProduceReview', 'ReadReviews'].map(name =>
      wildcard('<Reports/Bucket>/reviews/*', `Reviews/${name}`, 'Packs of reviews, whose periods come with time.'),
    ),
    ...SENDERS.map(at =>
      wildcard(
        'arn:<partition>:ses:<region>:<account>:identity/*',
        at,
        'Mail goes out from the one address the condition names, under whichever identity verifies it.',
      ),
    ),
  ]
}

const REMOVERS = [
  'Elevation/Revoker',
  'Closing/EndRequest',
  'Closing/RevokeRequest',
  'Closing/FreezeAccess',
  'Closing/Sweep',
  'Drain/DrainGrants',
]
const SENDERS = [
  'Elevation/AskApprovers',
  'Elevation/ClimbLadder',
  'Elevation/Applier',
  'Elevation/CancelRequest',
  'Elevation/DecideByLink',
  'Deliveries/TrackDelivery',
  'Decisions/DecideRequest',
  'FollowUps/ReviewRequest',
  ...REMOVERS,
]
const WITHOUT_RESOURCES = [
  'Archiving/RebuildArchive',
  'Archiving/SealDay',
  'Books/CloseBooks',
  'Watch/WatchEvents',
  'Tracing',
  'Elevation/Workflow/Service',
  'Elevation/CreateRequest',
  'FollowUps/ExtendRequest',
  'Closing/FreezeAccess',
  'Closing/Sweep',
  'Deliveries/TrackDelivery',
  'Drain/DrainGrants',
  'Measuring/MeasureHouse',
  'Outside/NoteOutsideChange',
]

/** The id as cdk-nag writes it: tokens in angle brackets while account and region are open, logical ids for constructs. */
function filledIn(stack: Stack, id: string): string {
  const pseudo: Readonly<Record<string, readonly [value: string, name: string]>> = {
    partition: [stack.partition, 'AWS::Partition'],
    account: [stack.account, 'AWS::AccountId'],
    region: [stack.region, 'AWS::Region'],
  }
  return id.replaceAll(/<([^<>]+)>/g, (_, name: string) => {
    const [value, token] = pseudo[name] ?? []
    if (value !== undefined) return Token.isUnresolved(value) ? `<${token}>` : value
    const resource = childAt(stack, name)?.node.defaultChild
    return CfnElement.isCfnElement(resource) ? `<${String(stack.resolve(resource.logicalId))}.Arn>` : name
  })
}

function childAt(stack: Stack, path: string): IConstruct | undefined {
  return path.split('/').reduce<IConstruct | undefined>((parent, name) => parent?.node.tryFindChild(name), stack)
}
