import * as z from 'zod'
import { secondsOfShortDuration } from '../../lambdas/domain/duration.ts'

interface Complaint {
  readonly message: string
  readonly fix: string
}

/** A text with a check of its own. `pattern` in the meta is for editors; the check is what counts. */
export function text(complain: (text: string) => Complaint | undefined, meta: Record<string, unknown>) {
  const schema = z.string().superRefine((value, context) => {
    const complaint = complain(value)
    if (complaint) context.addIssue({ code: 'custom', message: complaint.message, params: { fix: complaint.fix } })
  })
  return schema.meta(meta)
}

const ID = /^[a-z][a-z0-9-]{0,62}$/
const PARAMETER = /^[A-Za-z][A-Za-z0-9]{0,62}$/
const REF = /^(?:group:)?[a-z][a-z0-9-]{0,62}$|^path:(?:user|role)(?:\/[A-Za-z0-9_+=,.@-]+)+$/
const LONGEST_LINE = 120

/** Names every JavaScript object has already: a lookup by `constructor` would find something nobody wrote. */
function isReserved(name: string): boolean {
  return name in Object.prototype
}

export const $id = text(
  value => {
    if (isReserved(value)) return { message: `the name ${value} is reserved by JavaScript`, fix: 'choose another name' }
    if (ID.test(value)) return undefined
    const fix = 'use a lower-case letter, then lower-case letters, digits and dashes, 63 characters at most'
    return { message: `${value} is no valid name`, fix }
  },
  { pattern: '^(?!constructor$)[a-z][a-z0-9-]{0,62}$' },
)

export const $parameterName = text(
  value => {
    if (isReserved(value)) return { message: `the name ${value} is reserved by JavaScript`, fix: 'choose another name' }
    if (PARAMETER.test(value)) return undefined
    return { message: `${value} is no valid parameter name`, fix: 'use a letter, then letters and digits: logGroup' }
  },
  { pattern: PARAMETER.source },
)

/** One line: it ends up in mail subjects and headings. */
export const $line = text(
  value => {
    if (value.trim() === '') return { message: 'the text is empty', fix: 'write a few words' }
    if (/\p{Cc}/u.test(value))
      return { message: 'the text has a line break or control character', fix: 'keep it on one line' }
    if (value.length <= LONGEST_LINE) return undefined
    return { message: `the text has ${value.length} characters`, fix: `keep it to ${LONGEST_LINE}` }
  },
  { minLength: 1, maxLength: LONGEST_LINE },
)

export const $text = text(
  value => (value.trim() === '' ? { message: 'the text is empty', fix: 'write a sentence' } : undefined),
  { minLength: 1 },
)

const SHORTEST_REASON = 20

export const $reason = text(
  value => {
    if (value.trim().length >= SHORTEST_REASON) return undefined
    const fix = `write a sentence of at least ${SHORTEST_REASON} characters: an auditor reads it`
    return { message: `${JSON.stringify(value)} is no reason`, fix }
  },
  { minLength: SHORTEST_REASON },
)

export const $duration = text(
  value => {
    const seconds = secondsOfShortDuration(value)
    if (seconds === undefined) return { message: `${value} is no duration`, fix: 'write it as 30m, 2h or 1h30m' }
    return seconds > 0 ? undefined : { message: 'the duration is zero', fix: 'write at least 1s' }
  },
  { pattern: '^(?=\\d)(\\d{1,3}d)?(\\d{1,4}h)?(\\d{1,5}m)?(\\d{1,6}s)?$', examples: ['30m', '2h', '1h30m'] },
)

export const $timezone = text(
  value => {
    if (isTimezone(value)) return undefined
    return { message: `${value} is no time zone`, fix: 'use a name of the IANA list, such as Europe/Berlin or UTC' }
  },
  { examples: ['Europe/Berlin', 'UTC'] },
)

export const $email = text(
  value => {
    if (z.regexes.email.test(value)) return undefined
    return { message: `${value} is no e-mail address`, fix: 'write it as alice@acme.example, without a display name' }
  },
  { format: 'email', examples: ['alice@acme.example'] },
)

export const $memberRef = text(
  value => {
    if (REF.test(value) && !isReserved(value.replace('group:', ''))) return undefined
    return {
      message: `${value} names no person, group or path`,
      fix: 'write a person id (alice), a group (group:engineers) or an IAM path (path:user/contractors)',
    }
  },
  {
    description: 'a person, a group, or everybody on an IAM path',
    pattern: REF.source,
    examples: ['alice', 'group:engineers', 'path:user/contractors'],
  },
)

/** Only compiled here; wildcards and the like are refused in the value itself, whatever the pattern says. */
export const $pattern = text(
  value => {
    try {
      new RegExp(value, 'u')
      new RegExp(`^(?:${value})$`, 'u')
      return undefined
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      return {
        message: `the pattern does not compile: ${reason}`,
        fix: 'correct the regular expression; it must match the whole value',
      }
    }
  },
  { format: 'regex', examples: ['acme-orders-[a-z0-9-]+'] },
)

function isTimezone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}

const DATE = /^\d{4}-\d{2}-\d{2}$/

export const $date = text(
  value => {
    const isDate = DATE.test(value) && new Date(`${value}T00:00:00Z`).toJSON()?.startsWith(value) === true
    return isDate ? undefined : { message: `${value} is no date`, fix: 'write it as 2026-12-25' }
  },
  { pattern: DATE.source },
)

const TIME_OF_DAY = /^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$/

export const $timeOfDay = text(
  value =>
    TIME_OF_DAY.test(value)
      ? undefined
      : { message: `${value} is no time of day`, fix: 'write it as "08:00", in quotes' },
  { pattern: TIME_OF_DAY.source },
)

const SECRET_NAME = /^[\w/+=.@-]{1,128}$/

export const $secretName = text(
  value =>
    SECRET_NAME.test(value)
      ? undefined
      : { message: `${value} is no name of a secret`, fix: 'use letters, digits and /_+=.@- such as lapse/slack' },
  { pattern: SECRET_NAME.source },
)

const HOST =
  /^(?=.{1,253}(?::|$))[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+(?::[1-9]\d{0,4})?$/

/** A host by its name, in lower case as URLs have it, with a port or without. */
export const $host = text(
  value =>
    HOST.test(value)
      ? undefined
      : {
          message: `${value} is no host`,
          fix: 'write its name in lower case, such as prod-12.westeurope.logic.azure.com',
        },
  { pattern: HOST.source },
)

/** Who: at least one reference. */
export const $members = z.array($memberRef).min(1)
