import { z } from 'zod'

export const ACCOUNT = '111122223333'
export const REGION = 'eu-west-1'
const STACK = 'Lapse'

interface Declared {
  readonly Type: string
  readonly Properties: Readonly<Record<string, unknown>>
}
type Declarations = Readonly<Record<string, Declared>>

const PSEUDO: Readonly<Record<string, string>> = {
  'AWS::AccountId': ACCOUNT,
  'AWS::Region': REGION,
  'AWS::Partition': 'aws',
  'AWS::StackName': STACK,
  'AWS::URLSuffix': 'amazonaws.com',
}
const KEY_ID = '11111111-2222-3333-4444-555555555555'

/** `arn:aws:SERVICE:REGION:ACCOUNT:REST` of a resource, by type; N is its name. IAM has no region, S3 neither region nor account. */
const ARNS: Readonly<Record<string, string>> = {
  'AWS::DynamoDB::Table': `dynamodb:${REGION}:${ACCOUNT}:table/N`,
  'AWS::KMS::Key': `kms:${REGION}:${ACCOUNT}:key/${KEY_ID}`,
  'AWS::Lambda::Function': `lambda:${REGION}:${ACCOUNT}:function:N`,
  'AWS::Logs::LogGroup': `logs:${REGION}:${ACCOUNT}:log-group:N:*`,
  'AWS::S3::Bucket': 's3:::N',
  'AWS::SNS::Topic': `sns:${REGION}:${ACCOUNT}:N`,
  'AWS::SQS::Queue': `sqs:${REGION}:${ACCOUNT}:N`,
  'AWS::Events::EventBus': `events:${REGION}:${ACCOUNT}:event-bus/N`,
  'AWS::Events::Rule': `events:${REGION}:${ACCOUNT}:rule/N`,
  'AWS::CloudWatch::Alarm': `cloudwatch:${REGION}:${ACCOUNT}:alarm:N`,
  'AWS::CloudWatch::CompositeAlarm': `cloudwatch:${REGION}:${ACCOUNT}:alarm:N`,
  'AWS::StepFunctions::StateMachine': `states:${REGION}:${ACCOUNT}:stateMachine:N`,
  'AWS::WAFv2::WebACL': `wafv2:${REGION}:${ACCOUNT}:regional/webacl/N/${KEY_ID}`,
}
const REF_IS_ARN = new Set(['AWS::StepFunctions::StateMachine', 'AWS::SNS::Topic', 'AWS::IAM::ManagedPolicy'])
/** Attributes that are no ARN and in no policy: they keep a name of their own. */
const OTHER_ATTRIBUTES = new Set(['RootResourceId', 'QueueName', 'TopicName'])

const $getAtt = z.tuple([z.string(), z.string()])
const $join = z.tuple([z.string(), z.array(z.unknown())])
const $sub = z.union([z.string(), z.tuple([z.string(), z.record(z.string(), z.unknown())])])

/**
 * The properties of every resource with references resolved, as in the account 111122223333 and eu-west-1.
 *
 * @throws Error on everything it does not know: what cannot be resolved must never read as "no permission".
 */
export function concrete(declared: Declarations): Record<string, Readonly<Record<string, unknown>>> {
  const entries = Object.entries(declared).map(
    ([id, { Properties }]) => [id, propertiesOf(Properties, declared)] as const,
  )
  return Object.fromEntries(entries)
}

function propertiesOf(properties: Readonly<Record<string, unknown>>, declared: Declarations): Record<string, unknown> {
  return Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, resolved(value, declared)]))
}

function resolved(value: unknown, declared: Declarations): unknown {
  if (Array.isArray(value)) return value.map(item => resolved(item, declared))
  if (typeof value !== 'object' || value === null) return value
  const [first, ...more] = Object.entries(value)
  if (!first || more.length > 0) return propertiesOf({ ...value }, declared)
  const [key, argument] = first
  switch (key) {
    case 'Ref':
      return refOf(String(argument), declared)
    case 'Fn::GetAtt':
      return attributeOf(...$getAtt.parse(argument), declared)
    case 'Fn::Join': {
      const [separator, parts] = $join.parse(argument)
      return parts.map(part => textOf(resolved(part, declared))).join(separator)
    }
    case 'Fn::Sub':
      return substituted($sub.parse(argument), declared)
    default:
      if (key.startsWith('Fn::') || key === 'Condition') throw new Error(`no rule for the intrinsic ${key}`)
      return propertiesOf({ ...value }, declared)
  }
}

function substituted(argument: z.infer<typeof $sub>, declared: Declarations): string {
  const [text, values] = typeof argument === 'string' ? [argument, {}] : argument
  return text.replace(/\$\{([^!}][^}]*)\}/g, (_, name: string) => {
    if (Object.hasOwn(values, name)) return textOf(resolved(values[name], declared))
    const [id = '', attribute] = name.split('.')
    return attribute === undefined ? refOf(id, declared) : attributeOf(id, attribute, declared)
  })
}

function refOf(id: string, declared: Declarations): string {
  const pseudo = PSEUDO[id]
  if (pseudo !== undefined) return pseudo
  const resource = declaredAt(id, declared)
  if (resource.Type === 'AWS::Lambda::Version') return versionArn(resource, declared)
  return REF_IS_ARN.has(resource.Type) ? arnOf(id, resource) : nameOf(id, resource)
}

function attributeOf(id: string, attribute: string, declared: Declarations): string {
  const resource = declaredAt(id, declared)
  if (attribute === 'Arn' || attribute === 'TopicArn') return arnOf(id, resource)
  if (attribute === 'StreamArn') return `${arnOf(id, resource)}/stream/2027-01-01T00:00:00.000`
  if (OTHER_ATTRIBUTES.has(attribute)) return `${nameOf(id, resource)}.${attribute}`
  throw new Error(`no rule for the attribute ${attribute} of ${resource.Type}`)
}

function arnOf(id: string, resource: Declared): string {
  const { Type, Properties } = resource
  const name = nameOf(id, resource)
  if (Type === 'AWS::IAM::Role') return `arn:aws:iam::${ACCOUNT}:role${pathOf(Properties)}${name}`
  if (Type === 'AWS::IAM::ManagedPolicy') return `arn:aws:iam::${ACCOUNT}:policy${pathOf(Properties)}${name}`
  const arn = ARNS[Type]
  if (!arn) throw new Error(`no rule for the ARN of ${Type} (${id})`)
  return `arn:aws:${arn.replace('N', name)}`
}

function versionArn({ Properties }: Declared, declared: Declarations): string {
  return `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${textOf(resolved(Properties.FunctionName, declared))}:1`
}

function pathOf({ Path = '/' }: Readonly<Record<string, unknown>>): string {
  return textOf(Path)
}

/** The name given to it, or the one CloudFormation would make, without its random end. */
function nameOf(id: string, { Type, Properties }: Declared): string {
  const key = NAMES[Type]
  const given = key === undefined ? undefined : Properties[key]
  if (typeof given === 'string') return given
  return Type === 'AWS::S3::Bucket' ? `${STACK}-${id}`.toLowerCase() : `${STACK}-${id}`
}

const NAMES: Readonly<Record<string, string>> = {
  'AWS::IAM::Role': 'RoleName',
  'AWS::IAM::ManagedPolicy': 'ManagedPolicyName',
  'AWS::Lambda::Function': 'FunctionName',
  'AWS::DynamoDB::Table': 'TableName',
  'AWS::S3::Bucket': 'BucketName',
  'AWS::Logs::LogGroup': 'LogGroupName',
  'AWS::SQS::Queue': 'QueueName',
  'AWS::SNS::Topic': 'TopicName',
  'AWS::CloudWatch::Alarm': 'AlarmName',
  'AWS::StepFunctions::StateMachine': 'StateMachineName',
}

function declaredAt(id: string, declared: Declarations): Declared {
  const resource = declared[id]
  if (!resource) throw new Error(`the template refers to ${id}, which is not in it`)
  return resource
}

function textOf(value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number') return String(value)
  throw new Error(`not a text: ${JSON.stringify(value)}`)
}
