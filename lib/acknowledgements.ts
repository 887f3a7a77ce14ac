import { CfnElement, type Stack, Token, Validations } from 'aws-cdk-lib'
import type { IConstruct } from 'constructs'
import type { AccessFile } from '../lambdas/domain/access-file.ts'
import { peoplePatterns } from './iam/applier-permissions.ts'

/** A finding of cdk-nag that is right about the template and no flaw here, or not yet mended. */
export interface Acknowledgement {
  /** `pack::rule`, with the finding in brackets where a rule has several. `<path>` stands for the logical id of that construct. */
  readonly id: string
  /** The construct, as a path below the stack; the whole stack if empty. */
  readonly at: string
  readonly reason: string
  /** The test that shows what the rule wants shown. */
  readonly proof: string
  /** It should be mended; until then it is known. */
  readonly isOwed?: true
}

const ROLES = 'test/trust/roles-cannot-escalate.test.ts'
const API = 'test/lib/stack/api.test.ts'
const FUNCTIONS = 'test/lib/stack/functions.test.ts'
const STORES = 'test/lib/stack/stores.test.ts'
const WORKFLOW = 'test/lib/stack/workflow.test.ts'
const NIST = 'NIST.800.53.R5::NIST.800.53.R5-'
const SOLUTIONS = 'AwsSolutions::AwsSolutions-'
const SERVERLESS = 'Serverless::Serverless-'

/** Every finding that is accepted; what is not here fails test/lib/stack/nag.test.ts, and so does what is here and no longer found. */
export function acknowledgements(access: AccessFile): readonly Acknowledgement[] {
  return [...API_FINDINGS, ...FUNCTION_FINDINGS, ...STORE_FINDINGS, ...WORKFLOW_FINDINGS, ...iamFindings(access)]
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
      'Every body and parameter is parsed by a zod schema in its handler, which says what would pass; a second schema would drift.',
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
      'Execution logs and traces hold the path, and the path of a link is a credential. The access log names the route instead.',
    proof: API,
  })),
  ...[`${SOLUTIONS}APIG3`, `${NIST}APIGWAssociatedWithWAF`].map(id => ({
    id,
    at: 'Api',
    reason:
      'The stage is throttled, links are 256 bits, five wrong codes void one. A web ACL is a brake on top that is not built yet.',
    proof: API,
    isOwed: true as const,
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

const FUNCTION_FINDINGS: readonly Acknowledgement[] = [
  {
    id: `${NIST}LambdaInsideVPC`,
    at: '',
    reason:
      'Functions call AWS APIs only; a network of their own adds ways for a removal to fail and protects nothing.',
    proof: ROLES,
  },
  {
    id: `${NIST}LambdaConcurrency`,
    at: '',
    reason:
      'New accounts have ten concurrent executions in all, so reserving some for each function would not deploy; the API is throttled.',
    proof: API,
  },
  ...[`${NIST}LambdaDLQ`, `${SERVERLESS}LambdaDLQ`].map(id => ({
    id,
    at: '',
    reason:
      'All but two are called by API Gateway or the workflow, which get the error. The sweep runs again in five minutes; a review that fails stays visible as not made.',
    proof: WORKFLOW,
  })),
  {
    id: `${SERVERLESS}LambdaTracing`,
    at: '',
    reason:
      'Every log line carries the request it belongs to. Tracing needs xray:PutTraceSegments on * in the roles that touch IAM.',
    proof: 'test/runtime/logger.test.ts',
  },
  {
    id: `${NIST}CloudWatchLogGroupEncrypted`,
    at: '',
    reason:
      'Logs are encrypted by CloudWatch and hold neither tokens nor codes; a key whose loss blinds operations would add a risk.',
    proof: 'test/runtime/logger.test.ts',
  },
]

const STORE_FINDINGS: readonly Acknowledgement[] = [
  ...['Archive', 'Reports'].flatMap(at => [
    ...[`${SOLUTIONS}S1`, `${NIST}S3BucketLoggingEnabled`].map(id => ({
      id,
      at,
      reason:
        'Reads of a pack go through a function that logs them; who else reads shows in CloudTrail data events, if switched on. A bucket for access logs is not built yet.',
      proof: STORES,
      isOwed: true as const,
    })),
    {
      id: `${NIST}S3BucketReplicationEnabled`,
      at,
      reason:
        'Packs can be made again from the table, which has point-in-time recovery; the archive is locked and versioned.',
      proof: STORES,
    },
    {
      id: `${NIST}S3DefaultEncryptionKMS`,
      at,
      reason:
        'Encrypted with keys of S3: evidence must stay readable for its whole retention, also after a key of ours is gone.',
      proof: STORES,
    },
  ]),
  {
    id: `${NIST}DynamoDBInBackupPlan`,
    at: 'Ledger',
    reason:
      'Point-in-time recovery restores every second of 35 days; every event is in the locked archive of its review besides.',
    proof: STORES,
  },
]

const WORKFLOW_FINDINGS: readonly Acknowledgement[] = [
  ...[`${SOLUTIONS}SF2`, `${SERVERLESS}StepFunctionStateMachineXray`].map(id => ({
    id,
    at: 'Elevation/Workflow',
    reason:
      'The history of an execution shows every step and is logged without its data; X-Ray would tell the same again.',
    proof: WORKFLOW,
  })),
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
    ...REMOVERS.flatMap(at =>
      ['user', 'role', 'group'].map(kind =>
        wildcard(
          `${iam}${kind}/*`,
          at,
          'A removal must reach whoever wrongly carries a grant policy; only grant policies can be detached.',
        ),
      ),
    ),
    ...['Elevation/Applier', 'Elevation/CreateRequest'].flatMap(at =>
      people.map(pattern => wildcard(`${iam}${pattern}`, at, 'The people of the access file, by their IAM path.')),
    ),
    ...WITHOUT_RESOURCES.map(at =>
      wildcard(
        '*',
        at,
        'Actions that know no resources: delivery of logs, counting of IAM quotas, listing of policies, metrics.',
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
  ...REMOVERS,
]
const WITHOUT_RESOURCES = [
  'Elevation/Workflow/Service',
  'Elevation/CreateRequest',
  'Closing/FreezeAccess',
  'Closing/Sweep',
  'Drain/DrainGrants',
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
