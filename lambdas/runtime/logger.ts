import { Logger } from '@aws-lambda-powertools/logger'

/** How an approval token looks (43 characters of base64url), and a task token (hundreds of base64). */
const TOKEN = /[A-Za-z0-9_-]{43,}|[A-Za-z0-9+/=_-]{100,}/g
const SECRET_KEYS = new Set(['token', 'tasktoken', 'code', 'authorization', 'x-amz-security-token', 'cookie'])

/** One JSON line per entry, approval tokens, codes and task tokens blotted out wherever they stand. */
export function createLogger(serviceName: string): Logger {
  return new Logger({ serviceName, jsonReplacerFn: redact })
}

function redact(key: string, value: unknown): unknown {
  if (SECRET_KEYS.has(key.toLowerCase())) return '[redacted]'
  return typeof value === 'string' ? value.replaceAll(TOKEN, '[redacted]') : value
}
