import * as z from 'zod'
import { nearestName } from './access-file/nearest-name.ts'

/** What is given with `-c key=value`, or stands in a cdk.json. */
export interface Context {
  /** Path of the access file. */
  readonly access?: string | undefined
  readonly publicUrl?: string | undefined
  readonly retentionDays: number
  readonly boundaries: readonly string[]
  readonly attachmentsPerUser: number
  readonly trail?: string | undefined
  readonly trailKey?: string | undefined
  readonly concurrency: 'on' | 'off'
  readonly tags: readonly (readonly [key: string, value: string])[]
}

/** The message has a line for each thing that is wrong, and what would be right. */
export class ContextError extends Error {
  override readonly name = 'ContextError'
}

const BOUNDARY = /^arn:aws[\w-]*:iam::(?:\d{12}|aws):policy\/[\w+=,.@/-]+$/
const KEY = /^arn:aws[\w-]*:kms:[\w-]+:\d{12}:key\/[\w-]+$/
const LOOPBACK = /^http:\/\/(?:localhost|127\.0\.0\.1|\[::1\])[:/]/

const listOf = <Item extends z.ZodType<unknown, string>>($item: Item) =>
  z
    .string()
    .transform(text => text.split(',').map(item => item.trim()))
    .pipe(z.array($item))

const count = (least: number, most: number) =>
  z.string().regex(/^\d+$/).transform(Number).pipe(z.int().min(least).max(most))

/** Object Lock takes a hundred years at most. */
const MOST_DAYS = 36_500

const $Context = z.object({
  access: z.string().optional(),
  publicUrl: z
    .string()
    .refine(
      text => URL.canParse(text) && !/[?#\s]|\/$/.test(text) && (text.startsWith('https://') || LOOPBACK.test(text)),
    )
    .optional(),
  retentionDays: count(1, MOST_DAYS).default(400),
  boundaries: listOf(z.string().regex(BOUNDARY)).default([]),
  attachmentsPerUser: count(1, 100).default(10),
  trail: z.string().startsWith('s3://').optional(),
  trailKey: z.string().regex(KEY).optional(),
  concurrency: z.enum(['on', 'off']).default('on'),
  tags: listOf(
    z
      .string()
      .regex(/^[^=]+=[^=]*$/)
      .transform((text): readonly [string, string] => {
        const [key = '', value = ''] = text.split('=')
        return [key, value]
      }),
  ).default([]),
})

const RIGHT: Readonly<Record<keyof Context, string>> = {
  access: 'the path of an access file',
  publicUrl: 'an https address without a slash at its end, https://lapse.example.com',
  retentionDays: `a whole number of days, 1 to ${MOST_DAYS}; it cannot be undone`,
  boundaries: 'ARNs of IAM policies with commas between, arn:aws:iam::111122223333:policy/people-boundary',
  attachmentsPerUser: 'a whole number, 10 if AWS has not raised the quota',
  trail: 's3://BUCKET/AWSLogs/ACCOUNT/CloudTrail',
  trailKey: 'the ARN of a KMS key, arn:aws:kms:eu-central-1:111122223333:key/…',
  concurrency: 'on or off',
  tags: 'key=value,key=value',
}

/**
 * The context of the app. What is empty counts as not given. A key that only nearly is one of Lapse's is refused, for it would be left
 * aside without a word, and what cannot be undone would take its default; other keys are the CDK's, or somebody else's.
 *
 * @throws ContextError
 */
export function contextOf(given: Readonly<Record<string, unknown>>): Context {
  const keys = Object.keys(RIGHT)
  const values = keys.flatMap(key => {
    const value = given[key]
    return value === undefined || value === '' ? [] : [[key, String(value)] as const]
  })
  const parsed = $Context.safeParse(Object.fromEntries(values))
  const mistyped = Object.keys(given).flatMap(key => {
    const near = keys.includes(key) || /[:/]/.test(key) ? undefined : nearestName(key, keys)
    return near === undefined ? [] : [`-c ${key}=…: there is no such context; did you mean ${near}`]
  })
  if (parsed.success && mistyped.length === 0) return parsed.data
  const wrong = new Set(parsed.error?.issues.map(({ path: [key] }) => key))
  const problems = Object.entries(RIGHT).flatMap(([key, right]) =>
    wrong.has(key) ? [`-c ${key}=${String(given[key])}: it must be ${right}`] : [],
  )
  throw new ContextError([...problems, ...mistyped].join('\n'))
}
