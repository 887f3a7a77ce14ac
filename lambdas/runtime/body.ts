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
  const errors = parsed.error.issues.map(({ path, message }) => ({ at: path.join('.') || '(body)', message }))
  const detail = errors.map(({ at, message }) => `${at}: ${message}`).join('; ')
  throw new ProblemError({
    status: 400,
    code: 'invalid-body',
    detail,
    errors,
    wouldPass: 'see docs/api.md for the shape of the body',
  })
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    const detail = text === '' ? 'The body is empty.' : 'The body is not JSON.'
    throw new ProblemError({ status: 400, code: 'invalid-json', detail, wouldPass: 'a JSON object' }, { cause })
  }
}
