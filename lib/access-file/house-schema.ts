import * as z from 'zod'
import { $date, $host, $id, $line, $secretName, $timeOfDay, $timezone } from './formats.ts'

const $span = z
  .strictObject({
    days: z
      .array(z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']))
      .min(1)
      .describe('the days it begins on'),
    from: $timeOfDay.describe('its first minute, as on the clock of the zone'),
    to: $timeOfDay.describe('the minute after its last; not after from means: on the next day'),
  })
  .describe('a span of working time')

export const $hours = z
  .strictObject({
    timezone: $timezone.optional().describe('whose clock they are on; default: the zone of the organisation'),
    spans: z.array($span).min(1).describe('when people work'),
    holidays: z.array($date).optional().describe('dates without work, 2026-12-25; default: none'),
  })
  .describe('working time: what is off-hours, and what `within: hours` counts')

export const $delegation = z
  .strictObject({
    of: $id.describe('who is away'),
    to: $id.describe('who is asked in their place'),
    from: $date.describe('the first day, in the zone of the organisation'),
    until: $date.describe('the last day, included'),
    because: $line.describe('why, for reviewers'),
  })
  .describe('out of office: somebody else is asked')

const $webhook = z
  .strictObject({
    name: $id.describe('what metrics and errors call it'),
    kind: z.enum(['slack', 'teams']).describe('whose form of message it takes'),
    secret: $secretName.describe('name of the secret in Secrets Manager that holds its URL'),
    host: $host
      .optional()
      .describe(
        'the one host its URL may have, with the port if it is not 443; default: the hosts of Slack or of Teams',
      ),
  })
  .describe('an incoming webhook of a chat')

export const $notify = z
  .strictObject({
    admins: z
      .enum(['each', 'daily'])
      .optional()
      .describe(
        'mails to administrators: at each elevation, or one a day; break-glass and failures always at once; default: each',
      ),
    webhooks: z.array($webhook).optional().describe('chats that are told; default: none'),
  })
  .describe('who else is told')
