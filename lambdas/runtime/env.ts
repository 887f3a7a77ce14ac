import * as z from 'zod/mini'

/** A variable that must be there. */
export const $Text = z.string().check(z.minLength(1))

/** Words with spaces between them, or none. */
export const $List = z.pipe(
  z.string(),
  z.transform(text => text.split(' ').filter(word => word !== '')),
)

/** A whole number above zero. */
export const $Count = z.pipe(z.string().check(z.regex(/^[1-9]\d{0,5}$/)), z.transform(Number))

/** Reads the environment by its schema; the error names the variables that are missing or wrong, never their values. */
export function readEnv<Schema extends z.ZodMiniType>(
  schema: Schema,
  environment: NodeJS.ProcessEnv = process.env,
): z.output<Schema> {
  const parsed = schema.safeParse(environment)
  if (parsed.success) return parsed.data
  throw new Error(
    `environment variables missing or wrong: ${parsed.error.issues.map(({ path }) => path.join('.')).join(', ')}`,
  )
}
