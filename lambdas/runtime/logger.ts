import { Logger } from '@aws-lambda-powertools/logger'

/** 43 characters of base64url is how an approval token looks. */
const TOKEN = /[A-Za-z0-9_-]{43,}/g
const SECRET_KEYS = new Set(['token', 'taskToken', 'code', 'authorization'])

/** One JSON line per entry, approval tokens, codes and task tokens blotted out wherever they stand. */
export function createLogger(serviceName: string): Logger {
  return new Logger({ serviceName, jsonReplacerFn: redact })
}

function redact(key: string, value: unknown): unknown {
  if (SECRET_KEYS.has(key)) return '[redacted]'
  return typeof value === 'string' ? value.replaceAll(TOKEN, '[redacted]') : value
}
