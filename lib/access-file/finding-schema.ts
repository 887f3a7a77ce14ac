import * as z from 'zod'
import { secondsOfShortDuration } from '../../lambdas/domain/duration.ts'
import { addressRange } from './fence-formats.ts'
import { text } from './formats.ts'

const SWITCHES = {
  holds: z.exactOptional(z.literal(true)).describe('true: who it is about gets no further grants until it is closed'),
  off: z.exactOptional(z.literal(true)).describe('true: it is not looked for'),
}

/** A span of time up to the longest a rule can look back, or that makes sense of it. */
function span(longest: string) {
  return text(
    value => {
      const seconds = secondsOfShortDuration(value)
      if (!seconds) return { message: `${value} is no duration`, fix: 'write it as 15s, 30m, 2h or 7d' }
      if (seconds <= (secondsOfShortDuration(longest) ?? 0)) return undefined
      return { message: `${value} is longer than ${longest}`, fix: `write ${longest} or less` }
    },
    { pattern: '^(?=\\d)(\\d{1,3}d)?(\\d{1,4}h)?(\\d{1,5}m)?(\\d{1,6}s)?$', examples: ['7d'] },
  )
}

const count = (least: number, most: number) => z.exactOptional(z.int().min(least).max(most))
const share = (most = 1) => z.exactOptional(z.number().min(0).max(most))

const $office = addressRange({ message: 'is every address', fix: 'name the ranges of your offices' })

/** Counts are no higher than what is remembered of a person: 130 asks of 30 days and 100 refused ones, 110 decisions of 91. */
export const $findings = z
  .strictObject({
    offices: z.exactOptional(z.array($office).min(1)).describe('the public address ranges people share at work'),
    'request-spike': z.exactOptional(
      z
        .strictObject({
          factor: z.exactOptional(z.number().min(1).max(100)).describe('how many times what is usual; default: 4'),
          least: count(2, 100).describe('asks of one day below which it is none; default: 12'),
          ...SWITCHES,
        })
        .describe('far more asks on one day than is usual for the person'),
    ),
    'first-time': z.exactOptional(
      z
        .strictObject({
          risk: z.exactOptional(z.enum(['low', 'medium', 'high'])).describe('from which risk on; default: high'),
          after: count(1, 100).describe('asks of the last 30 days from which on the person is known; default: 20'),
          known: z.exactOptional(span('365d')).describe('how long they must be known; default: 14d'),
          ...SWITCHES,
        })
        .describe('something risky that the person never had'),
    ),
    'off-hours': z.exactOptional(
      z
        .strictObject({
          grace: z.exactOptional(span('12h')).describe('how far from working time it must be; default: 2h'),
          after: count(1, 100).describe('asks of the last 30 days from which on the person is known; default: 20'),
          usual: count(1, 10).describe('nights of the last 91 days from which on it is usual; default: 1'),
          ...SWITCHES,
        })
        .describe('asked or in force off hours, which is unusual for the person'),
    ),
    'repeated-denial': z.exactOptional(
      z
        .strictObject({
          denials: count(2, 100).describe('how many; default: 3'),
          share: share().describe('from which share of what was answered in that time on; default: 0.25'),
          within: z.exactOptional(span('28d')).describe('in which time; default: 7d'),
          ...SWITCHES,
        })
        .describe('denied again and again'),
    ),
    'ineligible-probing': z.exactOptional(
      z
        .strictObject({
          refusals: count(2, 100).describe('how many; default: 5'),
          entitlements: count(1, 100).describe('of how many different ones; default: 3'),
          within: z.exactOptional(span('28d')).describe('in which time; default: 1d'),
          ...SWITCHES,
        })
        .describe('asks for what the person may not ask for'),
    ),
    'unused-grant': z.exactOptional(
      z
        .strictObject({
          unused: count(1, 100).describe('how many; default: 5'),
          of: count(1, 100).describe('of how many last grants of an entitlement; default: 6'),
          ...SWITCHES,
        })
        .describe('takes grants and does not use them'),
    ),
    'serial-extension': z.exactOptional(
      z
        .strictObject({
          extensions: count(1, 100).describe('of one grant; default: 3'),
          within: z.exactOptional(span('28d')).describe('in which time; default: 7d'),
          ...SWITCHES,
        })
        .describe('one grant prolonged again and again'),
    ),
    'long-lived': z.exactOptional(
      z
        .strictObject({
          risk: z.exactOptional(z.enum(['low', 'medium', 'high'])).describe('from which risk on; default: medium'),
          days: count(2, 28).describe('of the last 28; default: 20'),
          ...SWITCHES,
        })
        .describe('the same entitlement on nearly every day'),
    ),
    'quick-decisions': z.exactOptional(
      z
        .strictObject({
          within: z.exactOptional(span('1h')).describe('of being asked; default: 15s'),
          least: count(1, 100).describe('how many in seven days; default: 5'),
          // More than all of them is never.
          share: share(0.99).describe('the share of all approvals that is let pass; default: 0.2'),
          ...SWITCHES,
        })
        .describe('approves within seconds'),
    ),
    'always-approves': z.exactOptional(
      z
        .strictObject({
          decisions: count(2, 100).describe('in 91 days, none of them a denial; default: 100'),
          ...SWITCHES,
        })
        .describe('approves whatever is asked'),
    ),
    'bulk-decisions': z.exactOptional(
      z
        .strictObject({
          decisions: count(2, 100).describe('how many; default: 8'),
          within: z.exactOptional(span('1d')).describe('in which time; default: 5m'),
          ...SWITCHES,
        })
        .describe('decides many requests at once'),
    ),
    'same-pair': z.exactOptional(
      z
        .strictObject({
          approvals: count(2, 60).describe('of a requester in 28 days; twice as many are looked at; default: 15'),
          share: share().describe('from which share on they are of one approver; default: 0.9'),
          ...SWITCHES,
        })
        .describe('one approver for the same requester, although others are asked too'),
    ),
    'one-place': z.exactOptional(
      z.strictObject(SWITCHES).describe('approved from the address that asked, where the approver was never seen'),
    ),
    'outside-window': z.exactOptional(
      z.strictObject(SWITCHES).describe('actions of a grant before it began or after it ended'),
    ),
    drift: z.exactOptional(z.strictObject(SWITCHES).describe('the policy of a grant changed by somebody else')),
    'outside-change': z.exactOptional(
      z.strictObject(SWITCHES).describe('IAM changed past Lapse: its policies and roles, or rights of a person'),
    ),
  })
  .describe('what counts as unusual, and what follows')

export type FindingsForm = z.output<typeof $findings>
