import type * as z from 'zod/mini'
import type { ApiEvent } from './api.ts'
import { ProblemError } from './problem.ts'

/** The query read by its schema, or a 400 problem that names every member that does not fit, and those there are. */
export function queryOf<Schema extends z.ZodMiniObject>(
  { queryStringParameters }: ApiEvent,
  schema: Schema,
): z.output<Schema> {
  const query = schema.safeParse(queryStringParameters ?? {})
  if (query.success) return query.data
  const errors = query.error.issues.map(({ path, message }) => ({ at: path.join('.') || '(query)', message }))
  const detail = errors.map(({ at, message }) => `${at}: ${message}`).join('; ')
  const wouldPass = Object.keys(schema.shape).join(', ')
  throw new ProblemError({ status: 400, code: 'invalid-query', detail, errors, wouldPass })
}
