import { Logger } from '@aws-lambda-powertools/logger'

/** How a task or session token looks (hundreds of base64, perhaps escaped for an address), and an approval token (43 characters of base64url). */
const TOKEN = /[A-Za-z0-9+/=_%-]{100,}|[A-Za-z0-9_-]{43,}/
/**
 * Names of functions, roles and buckets are as long as tokens, and who was refused what is all there is to find a fault by. Never of
 * an API, whose ARN has the path of a link, and of S3 the bucket alone.
 */
const ARN =
  /(arn:aws[a-z-]*:(?:s3:::[a-z0-9.-]+|(?:dynamodb|events|iam|kms|lambda|logs|scheduler|sns|sqs|states|sts):[a-z0-9-]*:\d*:[\w+=,.@:/-]+))/
const ARN_OR_TOKEN = new RegExp([ARN.source, TOKEN.source].join('|'), 'g')
const SECRET_KEYS = new Set([
  'token',
  'tasktoken',
  'sessiontoken',
  'code',
  'authorization',
  'cookie',
  'set-cookie',
  'secretaccesskey',
  'secret_access_key',
  'aws_secret_access_key',
  'signature',
  'x-amz-security-token',
  'x-amz-signature',
  'x-amz-credential',
])
/** The rest of an Authorization header behind its scheme. */
const AUTHORIZATION = /\b(AWS4-[A-Z0-9-]+|Bearer|Basic)\s+[^"'\\\n]+/g
/** A secret that its name gives away: in an address, a form, a header, or JSON, be it within a string of JSON. */
const NAMED =
  /(?<![A-Za-z])((?:task|session|x-amz-security-)?token|cookie|secret_?access_?key|(?:x-amz-)?(?:signature|credential)|authorization)((?:\\*["'])?\s*(?:[:=]|%3[AD])\s*(?:\\*["'])?)[^\s&"'\\,;)}]+/gi
const NAMED_CODE = /(?<![A-Za-z])(code(?:\s+(?:is|was))?\W{0,8}(?:3D)?)\d{6}(?!\d)/gi
const BLOT = '[redacted]'

/** One JSON line per entry, whatever is secret blotted out wherever it stands. */
export function createLogger(serviceName: string): Logger {
  return new Logger({ serviceName, jsonReplacerFn: redact })
}

/** A text without tokens, codes that are called so, and signatures. */
export function withoutSecrets(text: string): string {
  return text
    .replaceAll(AUTHORIZATION, `$1 ${BLOT}`)
    .replaceAll(NAMED, `$1$2${BLOT}`)
    .replaceAll(NAMED_CODE, `$1${BLOT}`)
    .replaceAll(ARN_OR_TOKEN, (_, arn?: string) => arn ?? BLOT)
}

function redact(key: string, value: unknown): unknown {
  // A secret that is itself a name is left out with what it names.
  if (withoutSecrets(key) !== key) return undefined
  if (SECRET_KEYS.has(key.toLowerCase()) && !isErrorCode(key, value)) return BLOT
  if (isBytes(value)) return '[bytes]'
  return typeof value === 'string' ? withoutSecrets(value) : value
}

/** What networks and AWS call a code, `ECONNRESET` or `AccessDenied`, has no digits; a code that is a secret has no letters. */
function isErrorCode(key: string, value: unknown): boolean {
  return key.toLowerCase() === 'code' && typeof value === 'string' && /^[A-Za-z][A-Za-z_-]*$/.test(value)
}

/** Bytes show as lists of numbers, in which nothing could be recognised. A Buffer has become plain by `toJSON` before it comes here. */
function isBytes(value: unknown): boolean {
  if (ArrayBuffer.isView(value)) return true
  return typeof value === 'object' && value !== null && 'type' in value && value.type === 'Buffer' && 'data' in value
}
