import type * as z from 'zod/mini'
import type { ApiEvent } from './api.ts'
import { ProblemError } from './problem.ts'

/** The largest body Lapse reads, in bytes of UTF-8. A request is a few hundred. */
export const LARGEST_BODY = 16_384

/** The text of the body, or a 413 problem. */
export function bodyText({ body, isBase64Encoded }: ApiEvent): string {
  const text = isBase64Encoded ? Buffer.from(body ?? '', 'base64').toString('utf8') : (body ?? '')
  if (Buffer.byteLength(text) <= LARGEST_BODY) return text
  const detail = `The body is larger than ${LARGEST_BODY} bytes.`
  throw new ProblemError({
    status: 413,
    code: 'body-too-large',
    detail,
    wouldPass: `a body of at most ${LARGEST_BODY} bytes`,
  })
}

/** The body read as JSON and by its schema, or a 400 problem that names every member that does not fit. */
export function jsonBody<Schema extends z.ZodMiniType>(event: ApiEvent, schema: Schema): z.output<Schema> {
  const text = bodyText(event)
  const value = readJson(text)
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const errors = parsed.error.issues.map(issue => ({ at: issue.path.join('.') || '(body)', message: wordsOf(issue) }))
  const detail = errors.map(({ at, message }) => `${at}: ${message}`).join('; ')
  throw new ProblemError({
    status: 400,
    code: 'invalid-body',
    detail,
    errors,
    wouldPass: 'see docs/api.md for the shape of the body',
  })
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'a text',
  object: 'an object',
  record: 'an object of texts',
  number: 'a number',
}

/** zod/mini comes without words of its own. */
function wordsOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return `unknown member ${issue.keys.join(', ')}`
  if (issue.code !== 'invalid_type' || issue.message !== 'Invalid input') return issue.message
  const expected = TYPE_WORDS[issue.expected] ?? issue.expected
  return issue.input === undefined ? `is missing; it must be ${expected}` : `must be ${expected}`
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text, refuseProto)
  } catch (cause) {
    const detail = text === '' ? 'The body is empty.' : 'The body is not JSON.'
    throw new ProblemError({ status: 400, code: 'invalid-json', detail, wouldPass: 'a JSON object' }, { cause })
  }
}

/** A member of this name would be dropped unseen by every object it is copied into. */
function refuseProto(key: string, value: unknown): unknown {
  if (key === '__proto__') throw new SyntaxError('__proto__ is no member')
  return value
}
